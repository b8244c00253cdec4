"""What the log knows, and which of it is told by mail."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Something that touches who can get at a person's account or money."""

    SIGNED_IN = "signed_in"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word of the log, no secret
    PASSWORD_RENEWED = "password_renewed"  # noqa: S105 - a word of the log, no secret
    EMAIL_CHANGED = "email_changed"
    RESET_ASKED = "reset_asked"
    RESET_CANCELLED = "reset_cancelled"
    RESET_DONE = "reset_done"
    WALLETS_FROZEN = "wallets_frozen"
    WALLETS_THAWED = "wallets_thawed"
    WALLET_CLOSED = "wallet_closed"
    ACCOUNT_CLOSED = "account_closed"
    LIMIT_CHANGED = "limit_changed"
    PAYEE_TRUSTED = "payee_trusted"
    PAYEE_REMOVED = "payee_removed"


# A sign-in on a new device, an announced reset and a closing have letters of their own.
UNTOLD = frozenset({Kind.SIGNED_IN, Kind.RESET_ASKED, Kind.WALLET_CLOSED, Kind.ACCOUNT_CLOSED})
