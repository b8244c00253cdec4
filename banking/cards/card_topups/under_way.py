"""Card payments keep the wallet open that they come to."""

from __future__ import annotations

from banking.accounts.wallets.under_way import ASKED, UnderWay, counted
from banking.cards.card_topups.models import CardPayment
from banking.cards.card_topups.rules import PaymentState

_OPEN = (
    PaymentState.STARTED,
    PaymentState.OPEN,
    PaymentState.PROCESSING,
    PaymentState.IN_QUESTION,
)

UNDER_WAY = (
    UnderWay(
        kind="top_ups",
        rows=counted(
            CardPayment, CardPayment.state.in_(_OPEN), of=CardPayment.wallet_id == ASKED.c.id
        ),
    ),
)
