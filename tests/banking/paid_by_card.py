"""Money that really came by card, from the stand-in network."""

from __future__ import annotations

from typing import Any

from banking import api as bank
from banking.cards.card_topups import service as payments
from kernel.actor import SYSTEM
from kernel.ids import new_id
from kernel.money import Money

BACK = "http://127.0.0.1:8000/en/bank/top-ups/1"


def pay_by_card(
    wallet: bank.WalletView, network: Any, amount: str, *, number: str = "4242424242424242"
) -> bank.TopUpView:
    """Top a wallet up by card and return the payment, captured."""
    begun = bank.start_top_up(
        wallet_id=wallet.id, amount=Money.of(amount, wallet.currency), key=new_id(), actor=SYSTEM
    )
    page = payments.card_page(
        payment_id=begun.id, owner_id=wallet.owner_id, title="Top-up", back_to=BACK, actor=SYSTEM
    )
    network.pay(page, number=number)
    return payments.settle(payment_id=begun.id)
