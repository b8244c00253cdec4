"""The card network: its hosted page, the state of a payment, the signature under its webhooks.

Cards are typed on the network's own page. Without an address in the settings the local stand-in
answers, in the same words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from banking.cards.card_topups.client import asking
from banking.cards.card_topups.errors import (
    CardNetworkDown,
    CardPageDown,
    WebhookRefused,
    WebhookUnreadable,
)
from banking.cards.card_topups.rules import NetworkState, Said, from_network, to_network
from kernel import foreign_json
from kernel.config import settings
from kernel.money import CURRENCIES, Money

if TYPE_CHECKING:
    import stripe
    from stripe.checkout import Session

PROVIDER = "stripe"
TOLERANCE_S = 300
LARGEST_REPORT = 1024 * 1024
# Source: Stripe's reference, object identifiers are at most 255 characters.
_LONGEST_NAME = 255
_STATE = ["payment_intent.latest_charge.balance_transaction"]
_INTENT = ["latest_charge.balance_transaction"]
# Payments of saved cards have no page; their own name stands in its place.
WITHOUT_PAGE = "pi_"
# The network tells of a payment made on its page thrice: by the page, the intent and the charge.
# Asking once is enough; the two others say in their metadata that the page tells.
_TOLD_BY, _PAGE = "told_by", "page"
_LANGUAGES = {"zh-CN": "zh", "ar": "auto"}  # the network's page speaks no Arabic


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPage:
    """The network's page for one payment."""

    ref: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A webhook whose signature is right.

    Shape: payment_id and refund_id are ours, None when the object is none of our payments or
    refunds; dispute_ref is the network's, empty when it is no dispute; is_told_twice where another
    webhook says the same of the same payment.
    """

    event_id: str
    kind: str
    payment_id: UUID | None
    payload: dict[str, Any]
    refund_id: UUID | None = None
    dispute_ref: str = ""
    is_told_twice: bool = False


def house_limits() -> list[dict[str, Any]]:
    """Return the dated limits of cards that the bank starts with."""
    path = Path(__file__).parent / "data" / "limits.json"
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return [row | {"valid_from": date.fromisoformat(row["valid_from"])} for row in rows]


@contextmanager
def _opening() -> Iterator[None]:
    """Say of a network that is away that nobody was charged: no page, no card."""
    try:
        yield
    except CardNetworkDown as away:
        raise CardPageDown from away


def open_page(
    *,
    payment_id: UUID,
    amount: Money,
    title: str,
    locale: str,
    back_to: str,
    saves_card: bool = False,
) -> CardPage:
    """Open the network's page for a payment; the same payment finds the same page.

    Shape: saves_card lets the network keep the card for its holder's next payment.
    Raises: CardPageDown, CardNetworkRefused.
    """
    ours = {"payment_id": str(payment_id), "locale": locale}
    charged = ours | {_TOLD_BY: _PAGE}
    with _opening(), asking() as network:
        page = network.v1.checkout.sessions.create(
            params={
                "mode": "payment",
                "line_items": [
                    {
                        "quantity": 1,
                        "price_data": {
                            "currency": amount.currency.lower(),
                            "unit_amount": to_network(amount),
                            "product_data": {"name": title},
                        },
                    }
                ],
                "client_reference_id": str(payment_id),
                "metadata": ours,
                "payment_intent_data": (
                    {"metadata": charged, "setup_future_usage": "on_session"}
                    if saves_card
                    else {"metadata": charged}
                ),
                "customer_creation": "always" if saves_card else "if_required",
                "success_url": back_to,
                "cancel_url": back_to,
                "locale": _LANGUAGES.get(locale, locale),
            },
            options={"idempotency_key": str(payment_id)},
        )
    assert page.url, "a page that was just opened has an address"
    return CardPage(ref=page.id, url=page.url)


def state_of(*, page_ref: str) -> NetworkState:
    """Ask the network how a payment stands now.

    Raises: CardNetworkDown, CardNetworkRefused.
    """
    with asking() as network:
        if page_ref.startswith(WITHOUT_PAGE):
            intent = network.v1.payment_intents.retrieve(page_ref, {"expand": _INTENT})
            return intent_state(intent)
        page = network.v1.checkout.sessions.retrieve(page_ref, params={"expand": _STATE})
    return _state(page)


def report(*, body: bytes, signature: str) -> Report:
    """Return what a webhook says once its signature over the raw body is right and fresh.

    Raises: WebhookRefused, WebhookUnreadable.
    """
    import stripe  # noqa: PLC0415 - takes 20 MB, and only a web process hears webhooks

    try:
        stripe.WebhookSignature.verify_header(
            body, signature, settings().stripe_webhook_secret, TOLERANCE_S
        )
    except (stripe.SignatureVerificationError, ValueError, TypeError) as error:
        raise WebhookRefused from error
    try:
        return _report(foreign_json.read_object(body))
    except (ValueError, KeyError, TypeError) as error:
        raise WebhookUnreadable from error


def _report(payload: dict[str, Any]) -> Report:
    about = payload["data"]["object"]
    is_dispute = isinstance(about, dict) and about.get("object") == "dispute"
    return Report(
        event_id=foreign_json.text(payload["id"], longest=_LONGEST_NAME),
        kind=foreign_json.text(payload["type"], longest=_LONGEST_NAME),
        payload=payload,
        payment_id=_ours(about, "payment_id"),
        refund_id=_ours(about, "refund_id"),
        dispute_ref=foreign_json.text(about["id"], longest=_LONGEST_NAME) if is_dispute else "",
        is_told_twice=_noted(about, _TOLD_BY) == _PAGE,
    )


def _ours(about: object, name: str) -> UUID | None:
    try:
        return UUID(_noted(about, name))
    except ValueError:
        return None


def _noted(about: object, name: str) -> str:
    """Return a text that we gave an object along, empty where it is none of ours."""
    metadata = about.get("metadata") if isinstance(about, dict) else None
    noted = metadata.get(name) if isinstance(metadata, dict) else None
    return noted if isinstance(noted, str) else ""


def _state(page: Session) -> NetworkState:
    currency = (page.currency or "").upper()
    assert currency in CURRENCIES, "we asked in a currency of ours"
    asked = from_network(page.amount_total or 0, currency)
    intent = page.payment_intent
    if page.payment_status == "paid" and intent and not isinstance(intent, str):
        return _paid(intent)
    outcome = {"expired": Said.EXPIRED, "complete": Said.PROCESSING}.get(
        page.status or "", Said.OPEN
    )
    return NetworkState(said=outcome, payment_ref="", amount=asked, fee=None)


def _paid(intent: stripe.PaymentIntent) -> NetworkState:
    taken = getattr(intent, "amount_received", intent.amount)
    details = getattr(intent.latest_charge, "payment_method_details", None)
    card = getattr(details, "card", None)
    return NetworkState(
        said=Said.PAID,
        payment_ref=intent.id,
        fee=_fee(intent),
        fingerprint=str(getattr(card, "fingerprint", None) or ""),
        brand=str(getattr(card, "brand", None) or ""),
        last4=str(getattr(card, "last4", None) or ""),
        amount=from_network(taken, intent.currency.upper()),
    )


def intent_state(intent: stripe.PaymentIntent) -> NetworkState:
    """Return how a payment of a saved card stands; one that was declined is over."""
    if intent.status == "succeeded":
        return _paid(intent)
    said = {"processing": Said.PROCESSING, "requires_action": Said.OPEN}
    return NetworkState(
        said=said.get(intent.status, Said.EXPIRED),
        payment_ref="",
        fee=None,
        amount=from_network(intent.amount, intent.currency.upper()),
    )


def _fee(intent: stripe.PaymentIntent) -> Money | None:
    charge = intent.latest_charge
    # What was not expanded is a name.
    booked = charge.balance_transaction if charge and not isinstance(charge, str) else None
    if booked is None or isinstance(booked, str):
        return None
    currency = booked.currency.upper()
    return from_network(booked.fee, currency) if currency in CURRENCIES else None
