"""Refunds to cards as their owner and the recovery see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from banking.accounts.parties import queries as parties
from banking.accounts.parties.queries import Owner
from banking.accounts.wallets import queries as wallets
from banking.authorisation.late_credits import queries as late_queries
from banking.cards.card_refunds.errors import RefundUnknown
from banking.cards.card_refunds.models import CardRefund
from banking.cards.card_refunds.rules import RETURNED, RefundState
from banking.cards.card_topups import queries as payments
from banking.cards.card_topups.queries import TopUpView
from banking.cards.card_topups.service import ask_again_at
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.ids import new_id
from kernel.money import Money

PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundView:
    """Money on its way back to a card. Shape: refund_ref is empty until the network has it."""

    id: UUID
    ref: str
    payment_id: UUID
    owner_id: UUID | None
    amount: Money
    state: RefundState
    refund_ref: str
    asked_at: datetime
    paid_at: datetime | None
    returned_at: datetime | None
    approval_id: UUID | None

    @property
    def asks(self) -> UUID | None:
        """The approval that it waits for, None when it does not."""
        return self.approval_id if self.state is RefundState.WAITING else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsPage:
    """Card payments of which something may go back. Shape: before leads to the next page."""

    owner: Owner
    top_ups: Sequence[TopUpView]
    before: datetime | None
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundForm:
    """The form for sending a top-up back. Shape: most is what may go back now, perhaps zero."""

    owner: Owner
    top_up: TopUpView
    most: Money
    available: Money
    key: UUID
    refunds: Sequence[RefundView]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPage:
    """One refund with the top-up it belongs to.

    Shape: is_late when it came back after its owner closed the wallet, and waits beside it.
    """

    owner: Owner
    refund: RefundView
    top_up: TopUpView
    is_late: bool


def refund(*, refund_id: UUID) -> RefundView:
    """Return a refund. Raises: RefundUnknown."""
    row = session().get(CardRefund, refund_id)
    if row is None:
        raise RefundUnknown
    return view(row)


def refunds_of(*, payment_id: UUID) -> list[RefundView]:
    """Return the newest twenty refunds of a top-up that were approved."""
    query = (
        select(CardRefund)
        .where(CardRefund.payment_id == payment_id, CardRefund.state != RefundState.WAITING)
        .order_by(CardRefund.asked_at.desc())
        .limit(PAGE)
    )
    return [view(row) for row in session().execute(query).scalars()]


def in_doubt() -> list[UUID]:
    """Return up to two hundred refunds the network is to be asked about now.

    Those come first that were asked about longest ago, so that none is kept waiting by others.
    """
    query = (
        select(CardRefund)
        .where(CardRefund.state.in_([RefundState.ASKED, RefundState.SENT]))
        .order_by(func.coalesce(CardRefund.heard_at, CardRefund.asked_at))
        .limit(200)
    )
    now = clock.now()
    return [
        row.id
        for row in session().execute(query).scalars()
        if ask_again_at(opened_at=row.asked_at, asked=row.heard, asked_at=row.heard_at) <= now
    ]


def cards_page(actor: Actor, *, account: UUID | None, before: datetime | None) -> CardsPage:
    """Return an owner's card payments of which something may go back. Raises: NotFound."""
    owner = parties.owner_for(actor, account)
    top_ups = payments.refundable_of(owner_id=owner.id, before=before, count=PAGE + 1)
    return CardsPage(
        owner=owner,
        top_ups=top_ups[:PAGE],
        days=payments.refund_days(),
        before=top_ups[PAGE - 1].started_at if len(top_ups) > PAGE else None,
    )


def refund_form(actor: Actor, ref: str) -> RefundForm:
    """Return the form for one top-up. Raises: PaymentUnknown, NotFound."""
    owner, top_up = payments.top_up_for(actor, ref)
    available = wallets.wallet(wallet_id=top_up.wallet_id).available
    return RefundForm(
        owner=owner,
        top_up=top_up,
        most=min(top_up.left, available),
        available=available,
        key=new_id(),
        refunds=refunds_of(payment_id=top_up.id),
    )


def refund_page(actor: Actor, ref: str) -> RefundPage:
    """Return a refund to its owner. Raises: RefundUnknown, NotFound."""
    query = select(CardRefund).where(CardRefund.ref == ref)
    row = session().execute(query).scalar_one_or_none()
    # What goes back of a purchase is told by its order.
    if row is None or row.wallet_id is None or row.owner_id is None:
        raise RefundUnknown
    return RefundPage(
        owner=parties.owner_for(actor, row.owner_id),
        refund=view(row),
        top_up=payments.top_up(payment_id=row.payment_id),
        is_late=row.state in RETURNED and late_queries.came_late(row.ref),
    )


def view(found: CardRefund) -> RefundView:
    """Return a stored refund as a view."""
    state = RefundState(found.state)
    assert (state in RETURNED) == (found.returned_at is not None), "the table says the same"
    return RefundView(
        id=found.id,
        ref=found.ref,
        payment_id=found.payment_id,
        owner_id=found.owner_id,
        amount=Money(found.amount_minor, found.currency),
        state=state,
        refund_ref=found.refund_ref or "",
        asked_at=found.asked_at,
        paid_at=found.paid_at,
        returned_at=found.returned_at,
        approval_id=found.approval_id,
    )
