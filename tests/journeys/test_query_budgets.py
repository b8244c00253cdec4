"""No page asks the database more than fifteen questions, however much it shows.

A process that has just started and remembers nothing may ask one more.
"""

from __future__ import annotations

import functools
import gc
from typing import Any

import pytest
from sqlalchemy import text

from kernel import clock, memory
from kernel.actor import SYSTEM
from kernel.db import counting_queries
from marketplace.aftersales.returns import service as returns
from marketplace.buying.orders import service as order_service
from marketplace.logistics.shipping.cli import settle
from tests.journeys.shopping import by_country, days, fill, pay, to_review

pytestmark = pytest.mark.journey

# One of the seventeen asks whose hearts beside goods are filled, where somebody is signed in.
WARM, COLD = 15, 17
BUYER, VENDOR = "camille@example.com", "owner@qinglan.example.com"
OPERATOR, UNDERWRITER = "operator@example.com", "underwriter@example.com"


@pytest.fixture
def lived_in(market, noon, signed_in, with_money):
    """A house with a past: three orders, insured parcels on their way, a full cart."""
    buyer = signed_in(BUYER)
    with_money(buyer, "2000 EUR")
    refs = []
    for _ in range(3):
        refs.append(pay(to_review(market, buyer), buyer))
        settle()
    for order in by_country(refs[0]).values():
        order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    days(4)
    view = to_review(market, buyer)
    fill(market, buyer)
    parcel = by_country(refs[0])["CN"]
    order_service.note_delivered(parcel_ref=parcel.parcel_ref, at=clock.now(), actor=SYSTEM)
    settle()
    back = returns.withdraw(order_ref=parcel.ref, actor=buyer)
    whole = by_country(refs[1])["CN"]
    return {
        "return": back,
        "whole": whole.ref,
        "order": by_country(refs[0])["CN"].ref,
        "group": refs[0],
        "checkout": view.ref,
    }


@pytest.fixture
def addresses(market, lived_in):
    product, slug, shelf = market.execute(
        text(
            "SELECT p.ref, v.slug, c.key FROM marketplace.product p"
            " JOIN marketplace.vendor v ON v.id = p.vendor_id"
            " JOIN marketplace.category c ON c.id = p.category_id"
            " WHERE v.slug = 'qinglan' ORDER BY p.id LIMIT 1"
        )
    ).one()
    policy = market.execute(text("SELECT number FROM insurance.policies LIMIT 1")).scalar_one()
    return lived_in | {"product": product, "shop": slug, "shelf": shelf, "policy": policy}


PAGES = [
    (None, "/en/"),
    (None, "/ar/"),
    (None, "/en/c/{shelf}"),
    (None, "/en/goods/"),
    (None, "/en/price-drops/"),
    (None, "/en/search?q=teapot"),
    (None, "/zh-cn/search?q=茶壶"),
    (None, "/en/p/{product}/"),
    (None, "/en/p/{product}/report"),
    (None, "/en/p/{product}/questions"),
    (VENDOR, "/en/desk/questions/decisions/"),
    (None, "/en/p/{product}/reviews"),
    (BUYER, "/en/account/reviews/"),
    (VENDOR, "/en/desk/reviews/"),
    (OPERATOR, "/en/moderation/reviews/"),
    (None, "/en/c/{shelf}?all=1"),
    (None, "/en/search?q=teapot&all=1"),
    (None, "/en/shops/{shop}"),
    (None, "/en/settings"),
    (None, "/en/sign-in"),
    (None, "/en/mailbox/"),
    (None, "/api/v1/search?q=teapot&locale=en"),
    (None, "/api/v1/suggest?q=tea"),
    (BUYER, "/en/"),
    (BUYER, "/en/search?q=teapot"),
    (BUYER, "/en/p/{product}/"),
    (BUYER, "/en/cart/"),
    (BUYER, "/en/checkout/{checkout}/address"),
    (BUYER, "/en/checkout/{checkout}"),
    (BUYER, "/en/account"),
    (BUYER, "/en/account/addresses/"),
    (BUYER, "/en/orders/"),
    (BUYER, "/en/orders/{group}"),
    (BUYER, "/en/messages/"),
    (BUYER, "/en/messages/new?order={order}"),
    (BUYER, "/en/account/alerts/"),
    (BUYER, "/en/favourites/"),
    (None, "/en/favourites/"),
    (None, "/en/seen/"),
    (None, "/en/compare?p={product}"),
    (BUYER, "/en/orders/parcels/{whole}/withdraw"),
    (BUYER, "/en/orders/parcels/{whole}/return"),
    (BUYER, "/en/returns/{return}"),
    (BUYER, "/en/bank/"),
    (BUYER, "/en/bank/wallets/eur"),
    (BUYER, "/en/bank/movements/"),
    (BUYER, "/en/bank/pots/"),
    (BUYER, "/en/bank/statements/"),
    (BUYER, "/en/bank/statements/fees/2026"),
    (BUYER, "/en/bank/top-up"),
    (BUYER, "/en/bank/exchange"),
    (BUYER, "/en/bank/to-card/"),
    (BUYER, "/en/bank/limits"),
    (BUYER, "/en/bank/close/"),
    (BUYER, "/en/bank/close/eur"),
    (BUYER, "/en/bank/waiting/"),
    (BUYER, "/en/account/security"),
    (BUYER, "/en/account/security/notices"),
    (BUYER, "/en/cover/"),
    (BUYER, "/en/cover/policies/{policy}"),
    (VENDOR, "/en/desk/"),
    (VENDOR, "/en/desk/orders"),
    (VENDOR, "/en/desk/orders?view=all"),
    (VENDOR, "/en/desk/orders?view=to-pack&sort=-received"),
    (VENDOR, "/en/desk/orders?view=all&sort=ship-by&after={order}"),
    (VENDOR, "/en/desk/orders/{order}"),
    (VENDOR, "/en/desk/goods/"),
    (VENDOR, "/en/desk/goods/?sort=pieces"),
    (VENDOR, "/en/desk/goods/{product}"),
    (VENDOR, "/en/desk/goods/new"),
    (VENDOR, "/en/desk/cover/"),
    (VENDOR, "/en/desk/shop"),
    (VENDOR, "/en/desk/questions/"),
    (VENDOR, "/en/desk/messages/"),
    (VENDOR, "/en/desk/returns/"),
    (VENDOR, "/en/desk/returns/{return}"),
    (VENDOR, "/en/desk/decisions/"),
    (OPERATOR, "/en/operations/machinery"),
    (OPERATOR, "/en/moderation/"),
    (OPERATOR, "/en/moderation/questions/"),
    (OPERATOR, "/en/returns/disputed/"),
    (OPERATOR, "/en/bank/books/disputes"),
    (OPERATOR, "/en/bank/books/reconciliation/"),
    (OPERATOR, "/en/bank/books/safeguarding/"),
    (OPERATOR, "/en/cover/desk"),
    (UNDERWRITER, "/en/cover/carriers/"),
    (UNDERWRITER, "/en/cover/desk"),
]


def test_every_page_stays_within_its_budget(addresses, browse, signed_in):
    people = {None: browse()} | {
        who: browse(signed_in(who)) for who in (BUYER, VENDOR, OPERATOR, UNDERWRITER)
    }
    pages = [(who, page, page.format(**addresses)) for who, page in PAGES]
    # All are opened before any is counted: what a page loads late has its caches by then.
    final = [
        people[who].get(address, follow_redirects=True).request.full_path
        for who, _, address in pages
    ]
    remembered = caches()
    asked = {}
    for (who, page, address), found in zip(pages, final, strict=True):
        browser = people[who]
        forget_all(remembered)
        with counting_queries() as at_first:
            first = browser.get(found)
        with counting_queries() as later:
            again = browser.get(found)
        assert (first.status_code, again.status_code) == (200, 200), address
        asked[who, page] = (len(at_first), len(later))

    over = {
        page: (cold, warm) for page, (cold, warm) in asked.items() if cold > COLD or warm > WARM
    }
    assert over == {}, f"(cold, warm): {over}"


# What a process opens once and keeps; not what it read for a page.
_KEPT = {"kernel.config", "kernel.jobs", "kernel.embedded"}


def caches() -> list[Any]:
    """Return what the house's functions remember: to be found among all objects of the process."""
    ours = ("kernel.", "banking.", "insurance.", "search.", "marketplace.")
    gc.unfreeze()
    found = [
        thing
        for thing in gc.get_objects()
        if isinstance(thing, functools._lru_cache_wrapper)
        and thing.__wrapped__.__module__.startswith(ours)
        and thing.__wrapped__.__module__ not in _KEPT
    ]
    gc.freeze()
    assert found, "objects that are frozen are not found, and nothing would be forgotten"
    return found


def forget_all(remembered: list[Any]) -> None:
    """Empty the process of what its pages remember, as it is right after its start."""
    memory.forget_everything()
    for cache in remembered:
        cache.cache_clear()
