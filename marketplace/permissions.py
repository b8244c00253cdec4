"""What the marketplace lets people do."""

from __future__ import annotations

from enum import StrEnum

from kernel.actor import Role


class Permission(StrEnum):
    """Rights of the marketplace's pages."""

    ADDRESS_MANAGE = "marketplace.address.manage"
    LISTING_MANAGE = "marketplace.listing.manage"
    CHECKOUT_USE = "marketplace.checkout.use"
    ORDERS_VIEW = "marketplace.order.view"
    ORDERS_CHANGE = "marketplace.order.change"
    ORDERS_INSURE = "marketplace.order.insure"
    QUESTIONS_ASK = "marketplace.question.ask"
    MESSAGES_WRITE = "marketplace.message.write"
    ALERTS_MANAGE = "marketplace.alert.manage"
    FAVOURITES_KEEP = "marketplace.favourite.keep"
    REVIEWS_WRITE = "marketplace.review.write"
    REPORTS_DECIDE = "marketplace.report.decide"
    RETURNS_DECIDE = "marketplace.return.decide"
    DESK_VIEW = "marketplace.desk.view"
    DESK_ACT = "marketplace.desk.act"


_BUYERS = frozenset({Role.BUYER, Role.VENDOR, Role.OPERATOR, Role.UNDERWRITER})
# Who buys without an account holds what belongs to an order of their own.
_SHOPPERS = _BUYERS | {Role.GUEST}

GRANTS: dict[str, frozenset[Role]] = {
    Permission.ADDRESS_MANAGE: _BUYERS,
    Permission.LISTING_MANAGE: frozenset({Role.VENDOR}),
    Permission.CHECKOUT_USE: _SHOPPERS,
    Permission.ORDERS_VIEW: _SHOPPERS,
    Permission.ORDERS_CHANGE: _SHOPPERS,
    # It is paid from a wallet, and a guest has none.
    Permission.ORDERS_INSURE: _BUYERS,
    Permission.QUESTIONS_ASK: _BUYERS,
    Permission.MESSAGES_WRITE: _SHOPPERS,
    Permission.ALERTS_MANAGE: _BUYERS,
    Permission.FAVOURITES_KEEP: _BUYERS,
    Permission.REVIEWS_WRITE: _BUYERS,
    Permission.REPORTS_DECIDE: frozenset({Role.OPERATOR}),
    Permission.RETURNS_DECIDE: frozenset({Role.OPERATOR}),
    Permission.DESK_VIEW: frozenset({Role.VENDOR}),
    Permission.DESK_ACT: frozenset({Role.VENDOR}),
}
