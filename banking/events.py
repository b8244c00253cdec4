"""What banking tells the floors above."""

from banking.escrow.events import (
    EscrowFrozen,
    EscrowFunded,
    EscrowRefunded,
    EscrowReleased,
    PaidOrderRefunded,
)
from banking.ledger.events import HoldExpired
from banking.statements.events import StatementAsked
from banking.wallets.events import WalletOpened

__all__ = [
    "EscrowFrozen",
    "EscrowFunded",
    "EscrowRefunded",
    "EscrowReleased",
    "HoldExpired",
    "PaidOrderRefunded",
    "StatementAsked",
    "WalletOpened",
]
