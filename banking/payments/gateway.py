"""The card network: its hosted page, the state of a payment, the signature under its webhooks.

Cards are typed on the network's own page. Without an address in the settings the local stand-in
answers, in the same words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from banking.payments.client import client, explained
from banking.payments.errors import WebhookRefused
from banking.payments.rules import NetworkState, Said, from_network, to_network
from kernel.config import settings
from kernel.money import CURRENCIES, Money

# The client brings every way to speak HTTP that it finds: only who asks the network loads it.
if TYPE_CHECKING:
    import stripe
    from stripe.checkout import Session

PROVIDER = "stripe"
TOLERANCE_S = 300
_STATE = ["payment_intent.latest_charge.balance_transaction"]
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
    refunds; dispute_ref is the network's, empty when it is no dispute.
    """

    event_id: str
    kind: str
    payment_id: UUID | None
    payload: dict[str, Any]
    refund_id: UUID | None = None
    dispute_ref: str = ""


def house_limits() -> list[dict[str, Any]]:
    """Return the dated limits of cards that the bank starts with."""
    path = Path(__file__).parent / "data" / "limits.json"
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return [row | {"valid_from": date.fromisoformat(row["valid_from"])} for row in rows]


def open_page(
    *, payment_id: UUID, amount: Money, title: str, locale: str, back_to: str
) -> CardPage:
    """Open the network's page for a payment; the same payment finds the same page.

    Raises: CardNetworkDown, CardNetworkRefused.
    """
    import stripe  # noqa: PLC0415 - see above

    ours = {"payment_id": str(payment_id), "locale": locale}
    try:
        page = client().v1.checkout.sessions.create(
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
                "payment_intent_data": {"metadata": ours},
                "success_url": back_to,
                "cancel_url": back_to,
                "locale": _LANGUAGES.get(locale, locale),
            },
            options={"idempotency_key": str(payment_id)},
        )
    except stripe.StripeError as error:
        raise explained(error) from error
    assert page.url, "a page that was just opened has an address"
    return CardPage(ref=page.id, url=page.url)


def state_of(*, page_ref: str) -> NetworkState:
    """Ask the network how a payment stands now.

    Raises: CardNetworkDown, CardNetworkRefused.
    """
    import stripe  # noqa: PLC0415 - see above

    try:
        page = client().v1.checkout.sessions.retrieve(page_ref, params={"expand": _STATE})
    except stripe.StripeError as error:
        raise explained(error) from error
    return _state(page)


def report(*, body: bytes, signature: str) -> Report:
    """Return what a webhook says once its signature over the raw body is right and fresh.

    Raises: WebhookRefused.
    """
    import stripe  # noqa: PLC0415 - see above

    try:
        stripe.WebhookSignature.verify_header(
            body, signature, settings().stripe_webhook_secret, TOLERANCE_S
        )
        payload = json.loads(body)
        event_id, kind = str(payload["id"]), str(payload["type"])
        about = payload["data"]["object"]
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError) as error:
        raise WebhookRefused from error
    is_dispute = isinstance(about, dict) and about.get("object") == "dispute"
    return Report(
        event_id=event_id, kind=kind, payload=payload, payment_id=_ours(about, "payment_id"),
        refund_id=_ours(about, "refund_id"), dispute_ref=str(about["id"]) if is_dispute else "",
    )  # fmt: skip


def _ours(about: Any, name: str) -> UUID | None:  # noqa: ANN401 - whatever the network sent
    metadata = about.get("metadata") if isinstance(about, dict) else None
    try:
        return UUID((metadata or {}).get(name, ""))
    except (ValueError, AttributeError):
        return None


def _state(page: Session) -> NetworkState:
    import stripe  # noqa: PLC0415 - see above

    currency = (page.currency or "").upper()
    assert currency in CURRENCIES, "we asked in a currency of ours"
    asked = from_network(page.amount_total or 0, currency)
    intent = page.payment_intent
    if page.payment_status == "paid" and isinstance(intent, stripe.PaymentIntent):
        taken = getattr(intent, "amount_received", intent.amount)
        return NetworkState(
            said=Said.PAID, payment_ref=intent.id, fee=_fee(intent),
            amount=from_network(taken, intent.currency.upper()),
        )  # fmt: skip
    said = {"expired": Said.EXPIRED, "complete": Said.PROCESSING}.get(page.status or "", Said.OPEN)
    return NetworkState(said=said, payment_ref="", amount=asked, fee=None)


def _fee(intent: stripe.PaymentIntent) -> Money | None:
    import stripe  # noqa: PLC0415 - see above

    charge = intent.latest_charge
    booked = charge.balance_transaction if isinstance(charge, stripe.Charge) else None
    if not isinstance(booked, stripe.BalanceTransaction):
        return None
    currency = booked.currency.upper()
    return from_network(booked.fee, currency) if currency in CURRENCIES else None
