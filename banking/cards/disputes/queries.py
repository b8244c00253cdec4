"""Disputes as the customer, the operator and the recovery see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from banking.accounts.parties import queries as parties
from banking.accounts.parties.queries import Owner
from banking.accounts.wallets.models import Wallet
from banking.cards.card_topups import queries as payments
from banking.cards.card_topups.queries import PaymentView
from banking.cards.disputes.errors import DisputeUnknown
from banking.cards.disputes.models import CardDispute
from banking.cards.disputes.rules import CLOSED, DisputeState
from banking.core.ledger.models import LedgerAccount
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.money import Money
from kernel.people.identity import queries as identity

PAGE = 40
_SOON = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeView:
    """A disputed card payment.

    Shape: wallet_id and owner_id are None where it paid for a purchase, house_loss is what the
    house bears of that, and borne_at when a lost one was brought together; fee is what the network
    asks, never the customer's; written_off is no debt in the books any more, and the customer's all
    the same.
    """

    id: UUID
    ref: str
    dispute_ref: str
    payment_id: UUID
    wallet_id: UUID | None
    owner_id: UUID | None
    amount: Money
    fee: Money
    house_loss: Money
    from_wallet: Money
    owed: Money
    written_off: Money
    reason: str
    state: DisputeState
    evidence: str
    evidence_due_at: datetime | None
    evidence_at: datetime | None
    given_up_at: datetime | None
    opened_at: datetime
    withdrawn_at: datetime | None
    reinstated_at: datetime | None
    closed_at: datetime | None
    borne_at: datetime | None

    @property
    def is_closed(self) -> bool:
        """Whether the card's bank has decided."""
        return self.state in CLOSED

    @property
    def is_lost(self) -> bool:
        """Whether the card's bank keeps the money."""
        return self.state is DisputeState.LOST

    @property
    def keeps_refunds_waiting(self) -> bool:
        """Whether nobody knows yet who gets what goes back of a purchase."""
        return not self.is_closed or (self.is_lost and self.borne_at is None)

    @property
    def claim(self) -> Money:
        """What the customer has still to pay."""
        return self.owed + self.written_off

    @property
    def takes_evidence(self) -> bool:
        """Whether evidence may still be given."""
        return (
            self.state is DisputeState.NEEDS_RESPONSE
            and not self.evidence
            and self.given_up_at is None
            and (self.evidence_due_at is None or clock.now() <= self.evidence_due_at)
        )

    @property
    def shown_state(self) -> DisputeState:
        """Its state as people see it: what takes no more evidence waits for the card's bank."""
        is_late = self.state is DisputeState.NEEDS_RESPONSE and not self.takes_evidence
        return DisputeState.UNDER_REVIEW if is_late else self.state

    @property
    def is_urgent(self) -> bool:
        """Whether the time for evidence ends within two days."""
        due = self.evidence_due_at
        return self.takes_evidence and due is not None and due - clock.now() < _SOON


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputePage:
    """One dispute with its payment, for the customer or the operator."""

    owner: Owner | None
    name: str
    dispute: DisputeView
    top_up: PaymentView


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeList:
    """What the operator works on. Shape: open ones by deadline; before leads to older closed."""

    waiting: Sequence[DisputeView]
    closed: Sequence[DisputeView]
    before: datetime | None


def dispute(*, dispute_id: UUID) -> DisputeView:
    """Return a dispute. Raises: DisputeUnknown."""
    row = session().get(CardDispute, dispute_id)
    if row is None:
        raise DisputeUnknown
    return view(row)


def owing(*, wallet_id: UUID | None = None) -> list[UUID]:
    """Return up to two hundred disputes whose wallet has something to pay with, oldest first."""
    query = (
        select(CardDispute.id)
        .join(Wallet, Wallet.id == CardDispute.wallet_id)
        .join(LedgerAccount, LedgerAccount.id == Wallet.account_id)
        .where(
            CardDispute.owed_minor + CardDispute.written_off_minor > 0,
            LedgerAccount.posted > LedgerAccount.held,
        )
        .order_by(CardDispute.opened_at)
        .limit(200)
    )
    if wallet_id is not None:
        query = query.where(CardDispute.wallet_id == wallet_id)
    return list(session().execute(query).scalars())


def can_be_written_off(found: DisputeView) -> bool:
    """Whether something is owed that nobody will decide about any more."""
    return found.state is DisputeState.LOST and bool(found.owed)


def debts(*, most: int) -> list[DisputeView]:
    """Return lost disputes for which something is owed in the books, oldest first."""
    query = (
        select(CardDispute)
        .where(CardDispute.owed_minor > 0, CardDispute.state == DisputeState.LOST)
        .order_by(CardDispute.opened_at, CardDispute.id)
        .limit(most)
    )
    return [view(row) for row in session().execute(query).scalars()]


def unsettled() -> list[str]:
    """Return the network's names of disputes that are not at their end: undecided, or unpaid."""
    query = (
        select(CardDispute.dispute_ref)
        .where(
            or_(
                CardDispute.state.not_in([state.value for state in CLOSED]),
                (CardDispute.state == DisputeState.WON)
                & CardDispute.withdrawn_at.is_not(None)
                & CardDispute.reinstated_at.is_(None),
            )
        )
        .order_by(CardDispute.opened_at)
        .limit(200)
    )
    return list(session().execute(query).scalars())


def own_dispute(actor: Actor, ref: str) -> DisputePage:
    """Return a dispute to the wallet's owner. Raises: DisputeUnknown, NotFound."""
    own = _by_ref(ref)
    if own.owner_id is None:
        raise DisputeUnknown
    owner = parties.owner_for(actor, own.owner_id)
    return DisputePage(
        owner=owner,
        name=owner.name,
        dispute=own,
        top_up=payments.payment(payment_id=own.payment_id),
    )


def any_dispute(ref: str) -> DisputePage:
    """Return a dispute to the operator. Raises: DisputeUnknown."""
    shown = _by_ref(ref)
    person = identity.person(shown.owner_id) if shown.owner_id else None
    company = identity.organisation(shown.owner_id) if shown.owner_id and not person else None
    return DisputePage(
        owner=None,
        name=person.name if person else company.name if company else "",
        dispute=shown,
        top_up=payments.payment(payment_id=shown.payment_id),
    )


def dispute_list(*, before: datetime | None) -> DisputeList:
    """Return open disputes by deadline, and a page of decided ones, newest first."""
    closed = [state.value for state in CLOSED]
    waiting = (
        select(CardDispute)
        .where(CardDispute.state.not_in(closed))
        .order_by(CardDispute.evidence_due_at, CardDispute.opened_at)
        .limit(PAGE)
    )
    decided = (
        select(CardDispute)
        .where(CardDispute.state.in_(closed))
        .order_by(CardDispute.opened_at.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        decided = decided.where(CardDispute.opened_at < before)
    ended = [view(one) for one in session().execute(decided).scalars()]
    return DisputeList(
        waiting=[view(one) for one in session().execute(waiting).scalars()],
        closed=ended[:PAGE],
        before=ended[PAGE - 1].opened_at if len(ended) > PAGE else None,
    )


def disputes_of(*, payment_id: UUID) -> list[DisputeView]:
    """Return every dispute of a payment, the oldest first."""
    query = select(CardDispute).where(CardDispute.payment_id == payment_id)
    query = query.order_by(CardDispute.opened_at, CardDispute.id)
    return [view(row) for row in session().execute(query).scalars()]


def _by_ref(ref: str) -> DisputeView:
    query = select(CardDispute).where(CardDispute.ref == ref)
    row = session().execute(query).scalar_one_or_none()
    if row is None:
        raise DisputeUnknown
    return view(row)


def view(found: CardDispute) -> DisputeView:
    """Return a stored dispute as a view."""
    currency = found.currency
    return DisputeView(
        id=found.id,
        ref=found.ref,
        dispute_ref=found.dispute_ref,
        payment_id=found.payment_id,
        wallet_id=found.wallet_id,
        owner_id=found.owner_id,
        amount=Money(found.amount_minor, currency),
        fee=Money(found.fee_minor, currency),
        house_loss=Money(found.house_loss_minor, currency),
        from_wallet=Money(found.from_wallet_minor, currency),
        owed=Money(found.owed_minor, currency),
        written_off=Money(found.written_off_minor, currency),
        reason=found.reason,
        state=DisputeState(found.state),
        evidence=found.evidence,
        evidence_due_at=found.evidence_due_at,
        evidence_at=found.evidence_at,
        given_up_at=found.given_up_at,
        opened_at=found.opened_at,
        withdrawn_at=found.withdrawn_at,
        reinstated_at=found.reinstated_at,
        closed_at=found.closed_at,
        borne_at=found.borne_at,
    )
