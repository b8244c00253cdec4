"""Disputed card payments, and what they left owing, keep their wallet open."""

from __future__ import annotations

from banking.accounts.wallets.under_way import ASKED, UnderWay, counted
from banking.cards.disputes.models import CardDispute
from banking.cards.disputes.rules import DisputeState
from banking.core.ledger.models import LedgerAccount
from banking.core.ledger.service import AccountKind

_OPEN = (DisputeState.NEEDS_RESPONSE, DisputeState.UNDER_REVIEW)

UNDER_WAY = (
    UnderWay(
        kind="disputes",
        rows=counted(
            CardDispute, CardDispute.state.in_(_OPEN), of=CardDispute.wallet_id == ASKED.c.id
        ),
    ),
    UnderWay(
        kind="debts",
        rows=counted(CardDispute, of=CardDispute.wallet_id == ASKED.c.id)
        .join(LedgerAccount, LedgerAccount.key == CardDispute.ref)
        .where(LedgerAccount.kind == AccountKind.CUSTOMER_DEBT, LedgerAccount.posted < 0),
    ),
)
