"""Saved cards at the network: charged without its page, found again, looked at and forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from banking.cards.card_topups.client import asking
from banking.cards.card_topups.errors import CardDeclined
from banking.cards.card_topups.gateway import intent_state
from banking.cards.card_topups.rules import CardToken, NetworkState, SavedMethod, to_network
from kernel.money import Money

if TYPE_CHECKING:
    import stripe

_CHARGE = ["latest_charge.balance_transaction"]
_PAGE = ["payment_intent.payment_method"]
_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAnswer:
    """What the network did with a saved card.

    Shape: ref names the payment there; url is where its holder has to approve it, empty otherwise.
    """

    ref: str
    url: str
    heard: NetworkState


def charge(
    *, payment_id: UUID, amount: Money, token: CardToken, back_to: str, locale: str
) -> TokenAnswer | None:
    """Charge a saved card, once for a payment of ours; None when the card is declined.

    Raises: CardNetworkDown, CardNetworkRefused.
    """
    try:
        with asking() as network:
            made = network.v1.payment_intents.create(
                {
                    "amount": to_network(amount),
                    "currency": amount.currency.lower(),
                    "customer": token.customer_ref,
                    "payment_method": token.method_ref,
                    "confirm": True,
                    "return_url": back_to,
                    "metadata": {"payment_id": str(payment_id), "locale": locale},
                    "expand": _CHARGE,
                },
                {"idempotency_key": str(payment_id)},
            )
    except CardDeclined:
        return None
    return _answer(made)


def charged(*, payment_id: UUID, token: CardToken) -> TokenAnswer | None:
    """Return what became of a charge whose answer was lost; None when there was none.

    Raises: CardNetworkDown, CardNetworkRefused.
    """
    with asking() as network:
        lately = network.v1.payment_intents.list({"customer": token.customer_ref, "limit": _MOST})
        for known in lately.data:
            if known.to_dict().get("metadata", {}).get("payment_id") == str(payment_id):
                found = network.v1.payment_intents.retrieve(known.id, {"expand": _CHARGE})
                return _answer(found)
    return None


def method_of(*, page_ref: str) -> SavedMethod | None:
    """Return the card that was kept by a payment on the network's page, None when none was.

    Raises: CardNetworkDown, CardNetworkRefused.
    """
    with asking() as network:
        page = network.v1.checkout.sessions.retrieve(page_ref, {"expand": _PAGE})
    intent = page.payment_intent
    method = None if intent is None or isinstance(intent, str) else intent.payment_method
    if method is None or isinstance(method, str) or method.card is None or not page.customer:
        return None
    customer = page.customer if isinstance(page.customer, str) else page.customer.id
    return SavedMethod(
        token=CardToken(customer_ref=customer, method_ref=method.id),
        brand=method.card.brand,
        last4=method.card.last4,
        month=int(method.card.exp_month),
        year=int(method.card.exp_year),
        fingerprint=method.card.fingerprint or "",
    )


def forget(*, method_ref: str) -> None:
    """Let the network forget a card. Raises: CardNetworkDown, CardNetworkRefused."""
    with asking() as network:
        network.v1.payment_methods.detach(method_ref)


def _answer(intent: stripe.PaymentIntent) -> TokenAnswer:
    step = intent.next_action.redirect_to_url if intent.next_action else None
    return TokenAnswer(
        ref=intent.id, url=(step.url if step else "") or "", heard=intent_state(intent)
    )
