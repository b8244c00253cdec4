"""A checkout's row under its lock, and whether it still is what its buyer saw.

Commands of the room call these inside their own transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, select

from banking import api as bank
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.errors import NotFound
from kernel.money import Money
from marketplace.buying.checkout import queries
from marketplace.buying.checkout.errors import (
    BusinessUnnamed,
    CheckoutOver,
    CoverUnread,
    QuoteEnded,
    ReservationEnded,
    TotalChanged,
)
from marketplace.buying.checkout.models import Checkout, CheckoutAttempt, CheckoutParcel
from marketplace.buying.checkout.queries import CheckoutView

_OWN = (
    select(Checkout)
    .where(Checkout.ref == bindparam("ref"), Checkout.person_id == bindparam("person_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def locked(ref: str, actor: Actor) -> Checkout:
    """Return the actor's own checkout, locked. Raises: NotFound."""
    own = {"ref": ref, "person_id": actor.person_id}
    checkout = session().execute(_OWN, own).scalar_one_or_none()
    if checkout is None:
        raise NotFound
    return checkout


_TRIED = (
    select(Checkout, CheckoutAttempt)
    .join(CheckoutAttempt, CheckoutAttempt.checkout_id == Checkout.id)
    .where(CheckoutAttempt.payment_id == bindparam("payment_id"))
    .with_for_update()  # both, so that whoever waited reads both as they are by then
    .execution_options(populate_existing=True)
)


def locked_by_payment(payment_id: UUID) -> tuple[Checkout, CheckoutAttempt] | None:
    """Return the checkout that a card pays and its try, locked; None for another payment."""
    found = session().execute(_TRIED, {"payment_id": payment_id}).one_or_none()
    return None if found is None else (found.Checkout, found.CheckoutAttempt)


def opened(ref: str, actor: Actor) -> Checkout:
    """Return the actor's own checkout, locked and still open.

    Raises: NotFound, CheckoutOver, ReservationEnded.
    """
    row = locked(ref, actor)
    check_open(row)
    return row


def check_open(row: Checkout) -> None:
    """Refuse what has ended. Raises: CheckoutOver, ReservationEnded."""
    if row.state != "open":
        raise CheckoutOver
    if clock.now() >= row.reserved_until:
        raise ReservationEnded(until=row.reserved_until)


def as_shown(row: Checkout, rows: Sequence[CheckoutParcel], expected: Money) -> CheckoutView:
    """Return the checkout with its parcels when it still is what the buyer saw.

    Raises: as `queries.staleness`, and as check_sum.
    """
    checkout = queries.seen_as(row, rows, row)
    stale = queries.staleness(checkout)
    if stale is not None or not checkout.parcels:
        raise stale or QuoteEnded
    check_sum(checkout, expected)
    return checkout


def check_sum(checkout: CheckoutView, expected: Money) -> None:
    """Refuse what cannot be paid as it is. Raises: TotalChanged, CoverUnread, BusinessUnnamed."""
    if checkout.total != expected:
        raise TotalChanged(old=expected, new=checkout.total)
    if checkout.has_unread_cover():
        raise CoverUnread
    if checkout.business_name == "":
        raise BusinessUnnamed


def unask(row: Checkout, actor: Actor) -> None:
    """Take back the question whether to pay: what it was about is no more."""
    if row.approval_id is not None:
        bank.withdraw_approval(approval_id=row.approval_id, actor=actor)
        row.approval_id = None
