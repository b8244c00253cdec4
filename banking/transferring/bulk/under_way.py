"""Payments of a batch that wait keep their wallet open."""

from __future__ import annotations

from sqlalchemy import func

from banking.accounts.wallets.under_way import ASKED, UnderWay, counted
from banking.transferring.bulk.models import BatchGroup
from banking.transferring.bulk.rules import GroupState

_OPEN = (GroupState.READY, GroupState.WAITING)

UNDER_WAY = (
    UnderWay(
        kind="batches",
        rows=counted(
            BatchGroup,
            BatchGroup.state.in_(_OPEN),
            of=BatchGroup.wallet_id == ASKED.c.id,
            number=func.sum(BatchGroup.lines),
        ),
    ),
)
