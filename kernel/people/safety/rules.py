"""What the log knows, and which of it is told by mail."""

from __future__ import annotations

from enum import StrEnum, auto


class Kind(StrEnum):
    """Something that touches who can get at a person's account or money.

    Shape: each is kept as its own name in small letters.
    """

    SIGNED_IN = auto()
    PASSKEY_ADDED = auto()
    PASSKEY_REMOVED = auto()
    APP_ADDED = auto()
    APP_REMOVED = auto()
    CODES_MADE = auto()
    CODE_USED = auto()
    PASSWORD_CHANGED = auto()
    PASSWORD_RENEWED = auto()
    EMAIL_CHANGED = auto()
    RESET_ASKED = auto()
    RESET_CANCELLED = auto()
    RESET_DONE = auto()
    WALLETS_FROZEN = auto()
    WALLETS_THAWED = auto()
    WALLET_CLOSED = auto()
    ACCOUNT_CLOSED = auto()
    LIMIT_CHANGED = auto()
    PAYEE_TRUSTED = auto()
    PAYEE_REMOVED = auto()
    BARRED = auto()
    ADMITTED = auto()
    APPOINTED = auto()
    DISMISSED = auto()
    KEY_MADE = auto()
    WEBHOOK_ADDED = auto()
    WEBHOOK_RENEWED = auto()


# A sign-in on a new device, an announced reset and a closing have letters of their own. Who locks
# an account writes to its owner, or knows that somebody else has the mailbox.
UNTOLD = frozenset(
    {
        Kind.SIGNED_IN,
        Kind.RESET_ASKED,
        Kind.WALLET_CLOSED,
        Kind.ACCOUNT_CLOSED,
        Kind.BARRED,
        Kind.ADMITTED,
    }
)
