"""Cases of found parcels as their holders and the officers see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from banking import api as bank
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.queries import PolicyView
from insurance.losses.claims import queries as claims
from insurance.losses.claims.queries import Cause, ClaimState, ClaimView
from insurance.losses.salvage import words
from insurance.losses.salvage.errors import RecoveryUnknown
from insurance.losses.salvage.models import Recovery
from insurance.losses.salvage.rules import Found, RecoveryState, Whereabouts
from insurance.rating.tariff.queries import Payee
from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import session
from kernel.money import Money, total
from kernel.text import Message

__all__ = ["Found", "RecoveryState", "Whereabouts"]

_OFFICERS = frozenset({Role.UNDERWRITER, Role.OPERATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryView:
    """A found parcel.

    Units: dues is what came back with the loss besides the indemnity; salvage what the goods
    brought the insurer. Shape: choose_by is None until the goods have arrived.
    """

    id: UUID
    ref: str
    claim_id: UUID
    policyholder_id: UUID
    parcel_ref: str
    state: RecoveryState
    whereabouts: Whereabouts
    indemnity: Money
    dues: Money
    salvage: Money
    place: str
    found_at: datetime
    arrived_at: datetime | None
    choose_by: datetime | None
    closed_at: datetime | None

    @property
    def repayment(self) -> Money:
        """What keeping the goods costs: nobody has both goods and money."""
        return self.indemnity + self.dues

    @property
    def status(self) -> words.Status:
        """The case as a tag and as the heading of its page."""
        return words.status(self.state, self.whereabouts)

    @property
    def whereabouts_words(self) -> Message:
        """Who has the goods in their hands."""
        return Message(words.WHEREABOUTS[self.whereabouts])

    @property
    def is_overdue(self) -> bool:
        """Whether the holder let the time to choose pass."""
        is_waiting = self.state is RecoveryState.AWAITING_CHOICE
        return is_waiting and self.choose_by is not None and clock.now() > self.choose_by


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryFile:
    """A case with its claim, and what the one who looks may do.

    Shape: settled is what an officer wrote of the goods at the end, for officers alone; wallet is
    what would pay the indemnity back, None for officers and for a holder without one.
    """

    recovery: RecoveryView
    claim: ClaimView
    is_own: bool
    may_settle: bool
    settled: str
    wallet: bank.WalletView | None

    @property
    def may_keep(self) -> bool:
        """Whether the holder can keep the goods now."""
        here = self.recovery.whereabouts is Whereabouts.HOLDER
        return self.may_surrender and here and self.claim.state is ClaimState.PAID

    @property
    def missing(self) -> Money:
        """What has to come into the wallet before it can pay the goods, zero when all is there."""
        repayment = self.recovery.repayment
        if self.wallet is None:
            return repayment
        return max(repayment - self.wallet.available, Money.zero(repayment.currency))

    @property
    def may_surrender(self) -> bool:
        """Whether the holder can still choose."""
        return self.is_own and self.recovery.state is RecoveryState.AWAITING_CHOICE


def recovery_for(actor: Actor, ref: str) -> RecoveryFile:
    """Return a case to its holder or to an officer. Raises: RecoveryUnknown for all others."""
    row = session().execute(select(Recovery).where(Recovery.ref == ref)).scalar_one_or_none()
    is_own = row is not None and row.policyholder_id == actor.person_id
    if row is None or not (is_own or actor.roles & _OFFICERS):
        raise RecoveryUnknown
    claim = claims.claim(claim_id=row.claim_id)
    return RecoveryFile(
        recovery=view(row),
        claim=claim,
        is_own=is_own,
        may_settle=actor.has(Role.UNDERWRITER) and not is_own,
        settled="" if is_own else _settled(row),
        wallet=repaying_wallet(policies.policy(policy_id=claim.policy_id)) if is_own else None,
    )


def repaying_wallet(policy: PolicyView) -> bank.WalletView | None:
    """Return the wallet that an indemnity is paid back from, None when its holder has none.

    It is the one that the indemnity came to; what came to a card is paid back from the holder's.
    """
    taker = policies.pays_to(policy)
    if bank.paid_card(payer_id=taker) is None:
        return bank.wallet(wallet_id=taker)
    return bank.wallet_for(owner_id=policy.policyholder_id, currency=policy.currency)


def _settled(row: Recovery) -> str:
    return str(claims.noted(claim_id=row.claim_id, what=RecoveryState.CLOSED).get("reason", ""))


def recovery_of_claim(*, claim_id: UUID) -> RecoveryView | None:
    """Return the case of a claim whose goods were found, None without one."""
    query = select(Recovery).where(Recovery.claim_id == claim_id)
    row = session().execute(query).scalar_one_or_none()
    return view(row) if row else None


def recoveries_for_parcels(*, parcel_refs: Sequence[str]) -> dict[str, RecoveryView]:
    """Return the cases of parcels by parcel, in one query."""
    rows = session().execute(select(Recovery).where(Recovery.parcel_ref.in_(parcel_refs)))
    return {row.parcel_ref: view(row) for row in rows.scalars()}


def indemnities_of(*, parcel_ref: str) -> list[ClaimView]:
    """Return the claims that a buyer has, will have or asks money of for goods of a parcel.

    What was refused brings none, a delay's benefit is for the delay, and whoever keeps found goods
    has paid the money back.
    """
    policy = policies.policies_for_parcels(parcel_refs=[parcel_ref]).get(parcel_ref)
    if policy is None:
        return []
    return [
        claim
        for claim in claims.claims_under(policy_id=policy.id)
        if claim.asks_for_money
        and claim.payee == Payee.BUYER
        and claim.cause is not Cause.DELAY
        and not _is_repaid(claim)
    ]


def _is_repaid(claim: ClaimView) -> bool:
    case = recovery_of_claim(claim_id=claim.id)
    return case is not None and case.state is RecoveryState.KEPT


def open_recoveries(*, limit: int = 100) -> list[RecoveryView]:
    """Return the cases that somebody still has to settle, oldest first."""
    rows = session().execute(
        select(Recovery)
        .where(Recovery.state.in_((RecoveryState.AWAITING_CHOICE, RecoveryState.SURRENDERED)))
        .order_by(Recovery.found_at, Recovery.id)
        .limit(limit)
    )
    return [view(row) for row in rows.scalars()]


def dues_of(row: Recovery) -> list[bank.Credit]:
    """Return the credits that are due again when the goods are kept."""
    return [
        bank.Credit(due["kind"], Money(due["minor"], row.currency), due["key"]) for due in row.dues
    ]


def view(row: Recovery) -> RecoveryView:
    """Return a row as a view."""
    currency = row.currency
    return RecoveryView(
        id=row.id,
        ref=row.ref,
        claim_id=row.claim_id,
        policyholder_id=row.policyholder_id,
        parcel_ref=row.parcel_ref,
        state=RecoveryState(row.state),
        whereabouts=Whereabouts(row.whereabouts),
        indemnity=Money(row.indemnity, currency),
        dues=total([due.amount for due in dues_of(row)], currency),
        salvage=Money(row.salvage, currency),
        place=row.place,
        found_at=row.found_at,
        arrived_at=row.arrived_at,
        choose_by=row.choose_by,
        closed_at=row.closed_at,
    )
