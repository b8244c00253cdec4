"""Requests that somebody may still pay keep the wallet open that they ask for."""

from __future__ import annotations

from sqlalchemy import bindparam, exists

from banking.accounts.wallets.under_way import ASKED, UnderWay, counted
from banking.transferring.requests.models import MoneyRequest
from banking.transferring.transfers.models import Transfer
from banking.transferring.transfers.queries import State

_IS_PAID = exists().where(Transfer.request_id == MoneyRequest.id, Transfer.state == State.SETTLED)

UNDER_WAY = (
    UnderWay(
        kind="requests",
        rows=counted(
            MoneyRequest,
            MoneyRequest.withdrawn_at.is_(None),
            MoneyRequest.expires_at > bindparam("now"),
            ~_IS_PAID,
            of=MoneyRequest.wallet_id == ASKED.c.id,
        ),
    ),
)
