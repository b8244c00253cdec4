"""Claims that are not settled keep the wallet open that they would be paid into."""

from __future__ import annotations

from banking import api as bank
from insurance.losses.claims.models import Claim
from insurance.losses.claims.rules import OPEN_STATES
from kernel.text import N_

UNDER_WAY = (
    bank.UnderWay(
        kind="insurance.claims",
        rows=bank.count_under_way(
            Claim, Claim.state.in_(OPEN_STATES), of=Claim.wallet_id == bank.WALLETS_ASKED.c.id
        ),
        words=N_("A claim isn't settled yet."),
        endpoint="cover.mine",
    ),
)
