"""Losses that were paid twice, as their holders and the officers see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from banking import api as bank
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.models import Policy
from insurance.contracts.policies.queries import PolicyView, Side
from insurance.losses.claims import queries as claims
from insurance.losses.claims.models import Claim
from insurance.losses.claims.queries import OFFSETS, OWED_STATES, Cause, ClaimState, ClaimView
from insurance.losses.overpaid import rules
from insurance.losses.overpaid import words as wording
from insurance.losses.overpaid.errors import OverpaymentUnknown
from insurance.losses.overpaid.models import Overpayment
from insurance.losses.overpaid.rules import UNSETTLED, CameFrom, OverpaidState
from insurance.losses.salvage import queries as salvage
from insurance.losses.salvage.queries import RecoveryState
from insurance.rating.tariff.queries import Payee
from kernel.actor import Actor, Role
from kernel.db import session
from kernel.money import Money, total

__all__ = ["CameFrom", "OverpaidState"]

_OFFICERS = frozenset({Role.UNDERWRITER, Role.OPERATOR})
_DECIDED = OWED_STATES | {ClaimState.PAID}
# Lines of a claim's arithmetic that others paid before it was decided.
_EARLIER = frozenset({"carrier_paid", "gone_back", *OFFSETS.values()})


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Money that came for a loss which the cover had paid.

    Units: came is all that came at once, amount the part of it that was paid twice. Shape: words
    name an officer's paper, reply is the holder's why not; both are empty without.
    """

    id: UUID
    ref: str
    claim_id: UUID
    policyholder_id: UUID
    came_from: CameFrom
    state: OverpaidState
    came: Money
    amount: Money
    words: str
    reply: str
    drop_reason: str
    drop_maker: UUID | None
    approval_id: UUID | None
    opened_at: datetime
    closed_at: datetime | None

    @property
    def status(self) -> wording.Status:
        """The case as a tag and as the heading of its page."""
        return wording.STATUS[self.state]

    @property
    def payer(self) -> str:
        """Who paid the loss a second time."""
        return wording.CAME_FROM[self.came_from]

    @property
    def is_open(self) -> bool:
        """Whether its holder or the underwriters still have to do something."""
        return self.state in UNSETTLED


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A case with its claim, and what the one who looks may do.

    Shape: wallet is what would pay, None for officers and for a holder without one.
    """

    case: CaseView
    claim: ClaimView
    is_own: bool
    may_handle: bool
    may_confirm: bool
    wallet: bank.WalletView | None

    @property
    def may_give_back(self) -> bool:
        """Whether its holder can give the money back now."""
        return self.is_own and self.case.state is OverpaidState.OPEN

    @property
    def missing(self) -> Money:
        """What has to come into the wallet before it can pay, zero when all is there."""
        if self.wallet is None:
            return self.case.amount
        return max(self.case.amount - self.wallet.available, Money.zero(self.case.amount.currency))


def case_for(actor: Actor, ref: str) -> CaseFile:
    """Return a case to its holder or an officer. Raises: OverpaymentUnknown for all others."""
    row = session().scalar(select(Overpayment).where(Overpayment.ref == ref))
    is_own = row is not None and row.policyholder_id == actor.person_id
    if row is None or not (is_own or actor.roles & _OFFICERS):
        raise OverpaymentUnknown
    case = view(row)
    is_others = not is_own and row.policyholder_id not in actor.organisation_ids
    may_handle = actor.has(Role.UNDERWRITER) and is_others and case.is_open
    return CaseFile(
        case=case,
        claim=claims.claim(claim_id=row.claim_id),
        is_own=is_own,
        may_handle=may_handle,
        may_confirm=may_handle and case.drop_maker not in {None, actor.person_id},
        wallet=returning_wallet(policy_of(row)) if is_own else None,
    )


def cases_of_claim(*, claim_id: UUID) -> Sequence[CaseView]:
    """Return what of a claim was paid twice, the oldest first."""
    rows = session().scalars(
        select(Overpayment).where(Overpayment.claim_id == claim_id).order_by(Overpayment.opened_at)
    )
    return [view(row) for row in rows]


def open_cases(*, limit: int = 100) -> Sequence[tuple[CaseView, str]]:
    """Return the cases that somebody still has to settle with their claims, oldest first."""
    rows = session().execute(
        select(Overpayment, Claim.ref)
        .join(Claim, Claim.id == Overpayment.claim_id)
        .where(Overpayment.state.in_(UNSETTLED))
        .order_by(Overpayment.opened_at, Overpayment.id)
        .limit(limit)
    )
    return [(view(row), claim_ref) for row, claim_ref in rows]


def paid_policies_of(order_ref: str) -> Sequence[UUID]:
    """Return the policies of an order's buyer that paid a claim, or will. Index: by order_ref."""
    query = (
        select(Policy.id)
        .join(Claim, Claim.policy_id == Policy.id)
        .where(Policy.order_ref == order_ref, Policy.side == Side.BUYER)
        .where(Claim.state.in_(_DECIDED), Claim.payee == Payee.BUYER)
        .where(Claim.cause != Cause.DELAY)
        .distinct()
        .order_by(Policy.id)
    )
    return session().scalars(query).all()


def indemnified_under(policy_id: UUID) -> Sequence[ClaimView]:
    """Return the claims of a policy that its holder was paid or will be, the first one first."""
    found = [one for one in claims.claims_under(policy_id=policy_id) if is_asked_back(one)]
    return sorted(found, key=lambda one: (one.decided_at, one.id))


def is_asked_back(claim: ClaimView) -> bool:
    """Whether a claim's money is of a kind that can have come twice.

    A delay's benefit is for the delay; whoever kept found goods gave the indemnity back; and what
    went to a seller, who had refunded the buyer, no refund brings again.
    """
    if claim.state not in _DECIDED or claim.cause is Cause.DELAY or claim.payee != Payee.BUYER:
        return False
    found = salvage.recovery_of_claim(claim_id=claim.id)
    return found is None or found.state is not RecoveryState.KEPT


def too_much_of(claim: ClaimView, *, order_ref: str) -> Money:
    """Return what of a claim its holder has twice and no case asks for, by the order's money.

    A lost parcel took all that its order cost with it; of another loss counts what was reported.
    Nothing for what is no order of ours.
    """
    zero = Money.zero(claim.currency)
    money = bank.order_money(order_refs=[order_ref]).get(order_ref)
    if money is None or money.escrow.funded.currency != claim.currency or claim.decided_at is None:
        return zero
    since = [
        one.amount for one in money.moves if one.kind == "refunded" and one.at >= claim.decided_at
    ]
    loss = max(claim.claimed, money.escrow.funded) if claim.cause is Cause.LOST else claim.claimed
    elsewhere = _sum(
        _amounts()
        .join(Claim, Claim.id == Overpayment.claim_id)
        .where(Claim.policy_id == claim.policy_id, Claim.id != claim.id)
        .where(Overpayment.state != OverpaidState.DROPPED),
        claim.currency,
    )
    dropped = _sum(
        _amounts().where(
            Overpayment.claim_id == claim.id, Overpayment.state == OverpaidState.DROPPED
        ),
        claim.currency,
    )
    return rules.too_much(
        indemnity=claim.payable,
        earlier=total([-one.amount for one in claim.sums if one.what in _EARLIER], claim.currency),
        back=max(total(since, claim.currency) - elsewhere - dropped, zero),
        loss=loss,
        asked=_asked(claim),
    )


def left_of_indemnity(claim: ClaimView) -> Money:
    """Return what of an indemnity no case asks for yet."""
    return max(claim.payable - _asked(claim), Money.zero(claim.currency))


def is_known(claim_id: UUID, came_from: CameFrom, cause_id: UUID) -> bool:
    """Whether a claim has a case for this cause."""
    query = select(Overpayment.id).where(
        Overpayment.claim_id == claim_id,
        Overpayment.came_from == came_from,
        Overpayment.cause_id == cause_id,
    )
    return session().scalar(query) is not None


def _asked(claim: ClaimView) -> Money:
    query = _amounts().where(
        Overpayment.claim_id == claim.id, Overpayment.state != OverpaidState.DROPPED
    )
    return _sum(query, claim.currency)


def _amounts() -> Select[int]:
    return select(func.coalesce(func.sum(Overpayment.amount), 0))


def _sum(query: Select[int], currency: str) -> Money:
    return Money(int(session().execute(query).scalar_one()), currency)


def policy_of(row: Overpayment) -> PolicyView:
    """Return the policy that a case's claim stands under."""
    return policies.policy(policy_id=claims.claim(claim_id=row.claim_id).policy_id)


def returning_wallet(policy: PolicyView) -> bank.WalletView | None:
    """Return the wallet that the money goes back from, None when its holder has none."""
    return salvage.repaying_wallet(policy)


def view(row: Overpayment) -> CaseView:
    """Return a row as a view."""
    proposal = row.proposal or {}
    return CaseView(
        id=row.id,
        ref=row.ref,
        claim_id=row.claim_id,
        policyholder_id=row.policyholder_id,
        came_from=CameFrom(row.came_from),
        state=OverpaidState(row.state),
        came=Money(row.came, row.currency),
        amount=Money(row.amount, row.currency),
        words=row.words,
        reply=row.reply,
        drop_reason=proposal.get("reason", ""),
        drop_maker=UUID(proposal["maker_id"]) if proposal else None,
        approval_id=row.approval_id,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
    )
