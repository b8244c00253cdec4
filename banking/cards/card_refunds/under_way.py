"""Money on its way back to a card keeps its wallet open."""

from __future__ import annotations

from banking.accounts.wallets.under_way import ASKED, UnderWay, counted
from banking.cards.card_refunds.models import CardRefund
from banking.cards.card_refunds.rules import RefundState

_OPEN = (RefundState.ASKED, RefundState.SENT)

UNDER_WAY = (
    UnderWay(
        kind="card_refunds",
        rows=counted(
            CardRefund, CardRefund.state.in_(_OPEN), of=CardRefund.wallet_id == ASKED.c.id
        ),
    ),
)
