"""Reads of tries to pay a checkout by card."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import text

from banking import api as bank
from kernel.actor import Actor
from kernel.db import session
from kernel.errors import NotFound


class PaymentUnderWay(StrEnum):
    """Where the newest try to pay by card stands.

    NONE: nothing was begun, or it ended. APPROVED: the wallet's share is approved and the card is
    next. ASKED: the network's page was opened. DECLINED: the card's bank said no. WAITING: the
    network has not decided. UNKNOWN: the card has paid, and the law asks who pays.
    """

    NONE = "none"
    APPROVED = "approved"
    ASKED = "asked"
    DECLINED = "declined"
    WAITING = "waiting"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try to pay by card that may still come to something. Units: wallet_minor as stored."""

    payment_id: UUID
    wallet_minor: int
    is_approved: bool


_STATE = text("SELECT state FROM marketplace.checkout_attempt WHERE payment_id = :payment_id")
_UNDER_WAY = text("""
    SELECT a.payment_id, a.wallet_minor, a.is_approved
    FROM marketplace.checkout_attempt a JOIN marketplace.checkout c ON c.id = a.checkout_id
    WHERE c.ref = :ref AND c.person_id = :person_id AND a.state = 'open'
    ORDER BY a.number DESC
    """)


def under_way_of(actor: Actor, ref: str) -> list[Attempt]:
    """Return the actor's tries to pay a checkout that may still come to something, newest first."""
    own = {"ref": ref, "person_id": actor.person_id}
    return [Attempt(*row) for row in session().execute(_UNDER_WAY, own)]


def under_way(actor: Actor, ref: str) -> PaymentUnderWay:
    """Return where the actor's newest try to pay a checkout by card stands."""
    newest = next(iter(under_way_of(actor, ref)), None)
    if newest is None:
        return PaymentUnderWay.NONE
    purchase = bank.purchase(payment_id=newest.payment_id)
    state = purchase.payment.state
    if state is bank.PaymentState.STARTED and newest.is_approved:
        return PaymentUnderWay.APPROVED
    if purchase.is_free:
        return PaymentUnderWay.UNKNOWN
    return {
        bank.PaymentState.OPEN: PaymentUnderWay.ASKED,
        bank.PaymentState.EXPIRED: PaymentUnderWay.DECLINED,
        bank.PaymentState.PROCESSING: PaymentUnderWay.WAITING,
        bank.PaymentState.IN_QUESTION: PaymentUnderWay.WAITING,
    }.get(state, PaymentUnderWay.NONE)


def payment_to_go_on(actor: Actor, ref: str) -> UUID:
    """Return the actor's newest payment of a checkout that goes on by card. Raises: NotFound."""
    newest = next(iter(under_way_of(actor, ref)), None)
    if newest is None or (newest.wallet_minor and not newest.is_approved):
        raise NotFound
    return newest.payment_id


def is_placed(payment_id: UUID) -> bool:
    """Whether an order came of a payment by card already."""
    return bool(session().scalar(_STATE, {"payment_id": payment_id}) == "placed")
