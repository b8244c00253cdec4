"""What the bank lets people do."""

from __future__ import annotations

from enum import StrEnum

from kernel.actor import Role


class Permission(StrEnum):
    """Rights of the bank's pages."""

    WALLET_VIEW = "banking.wallet.view"
    WALLET_MOVE = "banking.wallet.move"
    IDENTITY_SHOW = "banking.identity.show"
    BOOKS_VIEW = "banking.books.view"
    APPLICATION_REVIEW = "banking.application.review"
    BOOKS_ACT = "banking.books.act"


_CUSTOMERS = frozenset({Role.BUYER, Role.VENDOR, Role.OPERATOR, Role.UNDERWRITER})

GRANTS: dict[str, frozenset[Role]] = {
    Permission.WALLET_VIEW: _CUSTOMERS,
    Permission.WALLET_MOVE: _CUSTOMERS,
    # A card's payer may have to be known as well, who has no wallet.
    Permission.IDENTITY_SHOW: _CUSTOMERS | {Role.GUEST},
    Permission.BOOKS_VIEW: frozenset({Role.OPERATOR}),
    Permission.APPLICATION_REVIEW: frozenset({Role.OPERATOR}),
    Permission.BOOKS_ACT: frozenset({Role.OPERATOR}),
}
