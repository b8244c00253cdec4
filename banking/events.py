"""What banking tells the floors above."""

from banking.accounts.wallets.events import WalletOpened
from banking.core.ledger.events import HoldExpired
from banking.merchants.escrow.events import (
    EscrowChargedBack,
    EscrowFrozen,
    EscrowFunded,
    EscrowQuestioned,
    EscrowRefunded,
    EscrowReleased,
    PaidOrderRefunded,
)
from banking.online.statements.events import StatementAsked

__all__ = [
    "EscrowChargedBack",
    "EscrowFrozen",
    "EscrowFunded",
    "EscrowQuestioned",
    "EscrowRefunded",
    "EscrowReleased",
    "HoldExpired",
    "PaidOrderRefunded",
    "StatementAsked",
    "WalletOpened",
]
