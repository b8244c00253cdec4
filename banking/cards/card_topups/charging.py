"""Payments by a saved card: charged without the network's page, approved there where asked."""

from __future__ import annotations

from banking.cards.card_topups import service, tokens
from banking.cards.card_topups.queries import PaymentView
from banking.cards.card_topups.rules import CardToken, SavedMethod
from kernel.actor import Actor
from kernel.db import in_command

__all__ = ["CardToken", "SavedMethod", "forget", "method_of", "pay_with_token"]

method_of, forget = tokens.method_of, tokens.forget


def pay_with_token(*, payment: PaymentView, back_to: str, actor: Actor) -> str:
    """Charge the saved card of a payment, once; return where its payer goes on.

    Shape: the network's page where the cardholder's bank asks for an approval, else `back_to`.
    Raises: CardNetworkDown; whether the card was charged is found out by `settle`, as often as it
    takes.
    """
    assert not in_command(), "the network is not asked inside a transaction"
    if payment.page_ref or payment.is_over:
        return payment.page_url or back_to
    assert payment.token is not None, "a saved card pays"
    service.note_asked(payment_id=payment.id, actor=actor)
    answer = tokens.charge(
        payment_id=payment.id,
        amount=payment.amount,
        token=payment.token,
        back_to=back_to,
        locale=payment.locale,
    )
    service.record_charge(payment_id=payment.id, answer=answer, actor=actor)
    return (answer.url if answer else "") or back_to
