"""Open covers that are not settled keep the wallet open that their deposit goes back to."""

from __future__ import annotations

from banking import api as bank
from insurance.trade.open_cover.models import OpenCover
from kernel.text import N_

UNDER_WAY = (
    bank.UnderWay(
        kind="insurance.open_cover",
        rows=bank.count_under_way(
            OpenCover,
            OpenCover.accepted_at.is_not(None),
            (OpenCover.adjusted_at.is_(None)) | (OpenCover.owed > 0),
            of=OpenCover.wallet_id == bank.WALLETS_ASKED.c.id,
        ),
        words=N_("An open cover hasn't been settled yet."),
        endpoint="open_cover.mine",
    ),
)
