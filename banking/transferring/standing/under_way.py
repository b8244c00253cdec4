"""Standing orders keep the wallet open that they pay from."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, exists, or_

from banking.accounts.wallets.under_way import ASKED, UnderWay, counted
from banking.authorisation.approvals.models import ApprovalRow
from banking.transferring.standing.models import StandingOrder
from banking.transferring.standing.rules import State

_MAY_STILL_BEGIN = and_(
    StandingOrder.state == State.AWAITING_APPROVAL,
    exists().where(
        ApprovalRow.id == StandingOrder.approval_id,
        ApprovalRow.withdrawn_at.is_(None),
        ApprovalRow.expires_at > bindparam("now"),
    ),
)

UNDER_WAY = (
    UnderWay(
        kind="standing_orders",
        rows=counted(
            StandingOrder,
            or_(StandingOrder.state.in_((State.ACTIVE, State.PAUSED)), _MAY_STILL_BEGIN),
            of=and_(
                StandingOrder.owner_id == ASKED.c.owner_id,
                StandingOrder.currency == ASKED.c.currency,
            ),
        ),
    ),
)
