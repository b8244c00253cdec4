"""What a charge brings: into a wallet, beside a closed one, or into clearing for a purchase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from banking.authorisation.late_credits import queries as late_queries
from banking.authorisation.late_credits import service as latecredits
from banking.cards.card_topups import queries, rules
from banking.cards.card_topups.events import CardToKeep, PaymentCaptured, PurchaseCaptured
from banking.cards.card_topups.rules import NetworkState
from banking.core.ledger import service as ledger
from banking.core.ledger.service import AccountKind, AccountRef, Leg
from kernel.actor import Actor
from kernel.events import publish
from kernel.ids import derived_id
from kernel.money import Money

# What a payment keeps of its charge while there is none.
NO_CHARGE: Mapping[str, object] = {
    "is_charged": False,
    "payment_ref": None,
    "fee_minor": None,
    "fingerprint": None,
    "brand": None,
    "last4": None,
}


def charge(amount: Money, heard: NetworkState) -> Mapping[str, object]:
    """Return what a payment keeps of its charge, by columns; what the network left out is None."""
    _, fee = rules.credited(amount, heard.fee)
    return {
        "is_charged": True,
        "payment_ref": heard.payment_ref,
        "fee_minor": fee.minor,
        "fingerprint": heard.fingerprint or None,
        "brand": heard.brand or None,
        "last4": heard.last4 or None,
    }


def book(payment: Row[Any], heard: NetworkState, actor: Actor) -> None:
    """Book a charge under the payment's own key: no second word can book it again.

    Shape: payment in the columns of `sql/columns`. Events: PaymentCaptured, PurchaseCaptured,
    CardToKeep.
    """
    amount = Money(payment.amount_minor, payment.currency)
    owed, fee = rules.credited(amount, heard.fee)
    network = [
        Leg(AccountRef.house(AccountKind.CARD_RECEIVABLE, payment.currency), -owed),
        Leg(AccountRef.house(AccountKind.CARD_FEES, payment.currency), -fee),
    ]
    if payment.wallet_id is None:
        _for_purchase(payment, amount, network, actor)
    else:
        _into_wallet(payment, payment.wallet_id, amount, network, actor)


def _for_purchase(payment: Row[Any], amount: Money, network: Sequence[Leg], actor: Actor) -> None:
    assert payment.subject is not None, "a table's constraint"
    taker = Leg(queries.clearing(payment.id, payment.currency), amount)
    _post(payment, "card_purchase", [taker, *network], actor)
    publish(PurchaseCaptured(payment_id=payment.id, subject=payment.subject, amount=amount))
    if payment.saves_card and payment.owner_id is not None:
        publish(CardToKeep(payment_id=payment.id))


def _into_wallet(
    payment: Row[Any], wallet_id: UUID, amount: Money, network: Sequence[Leg], actor: Actor
) -> None:
    """Book a top-up; beside a closed wallet it waits, as after a page that seemed to be over."""
    assert payment.owner_id is not None, "a table's constraint"
    to = late_queries.landing(wallet_id=wallet_id, currency=payment.currency)
    key = _post(payment, "card_top_up", [Leg(to, amount), *network], actor)
    latecredits.keep(key=key, wallet_id=wallet_id, amount=amount, subject=payment.ref, actor=actor)
    publish(
        PaymentCaptured(
            payment_id=payment.id,
            wallet_id=wallet_id,
            owner_id=payment.owner_id,
            amount=amount,
        )
    )


def _post(payment: Row[Any], kind: str, legs: Sequence[Leg], actor: Actor) -> UUID:
    key = derived_id(payment.id, "captured")
    ledger.post(
        key=key,
        kind=kind,
        legs=[leg for leg in legs if leg.amount],
        subject=payment.ref,
        actor=actor,
    )
    return key
