"""Orders that are paid and not settled keep wallets open: their buyer's and their vendor's."""

from __future__ import annotations

from sqlalchemy import String, cast, literal, select

from banking.accounts.wallets.under_way import ASKED, UnderWay, counted
from banking.core.ledger.models import LedgerAccount
from banking.core.ledger.service import AccountKind
from banking.merchants.escrow.models import Escrow
from banking.merchants.escrow.rules import EscrowState

_IS_KEPT = Escrow.state.in_((EscrowState.FUNDED, EscrowState.PARTLY_RELEASED))

UNDER_WAY = (
    UnderWay(
        kind="orders", rows=counted(Escrow, _IS_KEPT, of=Escrow.payer_wallet_id == ASKED.c.id)
    ),
    UnderWay(
        kind="sales", rows=counted(Escrow, _IS_KEPT, of=Escrow.beneficiary_id == ASKED.c.owner_id)
    ),
    # What a vendor owes the house after late refunds; what was written off is a loss.
    UnderWay(
        kind="owed",
        rows=select(
            ASKED.c.currency, literal(1).label("number"), (-LedgerAccount.posted).label("owed")
        )
        .join(LedgerAccount, LedgerAccount.key == cast(ASKED.c.owner_id, String))
        .where(
            LedgerAccount.kind == AccountKind.VENDOR_DEBT,
            LedgerAccount.currency == ASKED.c.currency,
            LedgerAccount.posted != 0,
        ),
    ),
)
