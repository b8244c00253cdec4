"""Every page that a person can open, by who opens it and with something to show."""

from __future__ import annotations

from tests.browser.past import BUYER, NEWCOMER, OPERATOR, RIVAL, UNDERWRITER, VENDOR

# Who opens it, nobody signed in being None, and its address.
Visit = tuple[str | None, str]

# Addresses without their language, which stands before them.
SHOP: list[Visit] = [
    (None, "/"),
    (None, "/c/{shelf}"),
    (None, "/goods/"),
    (None, "/search?q=teapot"),
    (None, "/search?q=nothing-of-the-kind"),
    (None, "/p/{product}/"),
    (None, "/shops/{shop}"),
    (None, "/about/price"),
    (None, "/about/ranking"),
    (None, "/cart/"),
    (None, "/settings"),
    (None, "/sign-in"),
    (None, "/sign-up"),
    (None, "/nowhere"),
    (BUYER, "/"),
    (BUYER, "/cart/"),
    (BUYER, "/checkout/{checkout}/address"),
    (BUYER, "/checkout/{checkout}/parcels"),
    (BUYER, "/checkout/{checkout}/review"),
    (BUYER, "/account"),
    (BUYER, "/account/addresses/"),
    (BUYER, "/orders/"),
    (BUYER, "/orders/{group}"),
    (BUYER, "/orders/{late}"),
    (NEWCOMER, "/account"),
    (NEWCOMER, "/account/addresses/"),
    (NEWCOMER, "/orders/"),
]
MONEY_AND_DESKS: list[Visit] = [
    (BUYER, "/bank/"),
    (BUYER, "/bank/wallets/eur"),
    (BUYER, "/bank/movements/{movement}"),
    (BUYER, "/bank/top-up"),
    (BUYER, "/bank/top-ups/{top_up}"),
    (BUYER, "/bank/exchange"),
    (BUYER, "/bank/exchange/{quote}"),
    (BUYER, "/bank/exchanges/{exchange}"),
    (BUYER, "/bank/send"),
    (BUYER, "/bank/send/{draft}/amount"),
    (BUYER, "/bank/send/{draft}/check"),
    (BUYER, "/bank/transfers"),
    (BUYER, "/bank/transfers/{transfer}"),
    (BUYER, "/bank/transfers/{transfer}/regularly"),
    (BUYER, "/bank/payees"),
    (BUYER, "/bank/request"),
    (BUYER, "/bank/requests/{asked}"),
    (VENDOR, "/bank/requests/{asked}"),
    (BUYER, "/bank/standing"),
    (BUYER, "/bank/standing/{standing}"),
    (BUYER, "/cover/"),
    (BUYER, "/cover/policies/{policy}"),
    (BUYER, "/cover/policies/{policy}/withdraw"),
    (BUYER, "/cover/claims/{claim}"),
    (BUYER, "/cover/recoveries/{recovery}"),
    (BUYER, "/operations/machinery"),
    (NEWCOMER, "/bank/"),
    (NEWCOMER, "/cover/"),
    (None, "/cover/product-information"),
    (None, "/cover/certificates/{policy}"),
    (None, "/mailbox/"),
    (None, "/mailbox/?to=nobody@example.com"),
    (None, "/mailbox/{mail}"),
    (VENDOR, "/desk/"),
    (VENDOR, "/desk/orders"),
    (VENDOR, "/desk/orders?view=to-pack"),
    (VENDOR, "/desk/orders/{order}"),
    (VENDOR, "/desk/orders/{sent}"),
    (VENDOR, "/desk/goods/"),
    (VENDOR, "/desk/goods/{product}"),
    (VENDOR, "/desk/goods/new"),
    (VENDOR, "/bank/"),
    (RIVAL, "/desk/"),
    (RIVAL, "/desk/orders"),
    (OPERATOR, "/operations/machinery"),
    (OPERATOR, "/bank/books/"),
    (OPERATOR, "/bank/safeguarding"),
    (OPERATOR, "/cover/desk"),
    (UNDERWRITER, "/cover/desk"),
    (UNDERWRITER, "/cover/desk/{claim}"),
    (UNDERWRITER, "/cover/recoveries/{recovery}"),
]
PAGES = SHOP + MONEY_AND_DESKS

# What a GET answers without a page of the house: redirects, files, machines' words; and the body of
# a letter, which is looked at as a letter.
NO_PAGES = {
    "bank.card_page", "pay.receipt", "pay.code", "checkout.begin", "cover.certificate_paper", "desk.paper", "drawings.show",
    "health.alive", "health.ready", "pictures.show", "shell.favicon", "shell.front_door",
    "mailbox.body", "shell.media", "shell.static_file", "api_storefront.search",
    "api_storefront.suggest", "machines.robots", "machines.sitemap", "machines.sitemap_part",
}  # fmt: skip
