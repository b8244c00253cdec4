"""Open pots keep their wallet open."""

from __future__ import annotations

from banking.accounts.wallets.under_way import ASKED, UnderWay, counted
from banking.online.pots.models import Pot

UNDER_WAY = (
    UnderWay(
        kind="pots",
        rows=counted(Pot, Pot.closed_at.is_(None), of=Pot.wallet_id == ASKED.c.id),
    ),
)
