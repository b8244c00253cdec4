"""Transfers keep their wallet open until they are settled, or are none any more."""

from __future__ import annotations

from banking.accounts.wallets.under_way import ASKED, UnderWay, counted
from banking.transferring.transfers.models import Transfer
from banking.transferring.transfers.rules import State

_OPEN = (State.AWAITING_APPROVAL, State.SCHEDULED, State.ACCEPTED, State.SENT)

UNDER_WAY = (
    UnderWay(
        kind="transfers",
        rows=counted(Transfer, Transfer.state.in_(_OPEN), of=Transfer.wallet_id == ASKED.c.id),
    ),
)
