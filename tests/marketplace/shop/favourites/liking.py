"""How a browser without JavaScript likes goods, and reads what it likes."""

from __future__ import annotations

from bs4 import BeautifulSoup

from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from kernel.web import Preferences
from marketplace.catalogue.offers import service as offers
from marketplace.shop.favourites import queries
from marketplace.shop.listing_index import service as shelves
from tests.marketplace.makers import make_offer

GERMANY = Preferences("en", "DE", "EUR")


def in_germany(browser):
    with browser.session_transaction() as cookies:
        cookies["country"], cookies["currency"] = "DE", "EUR"
    return browser


def shown(title="Shino teapot", **overrides):
    values = {"titles": {"en": title}, "category": "teapots-s", "price": Money(8900, "JPY")}
    made = make_offer(**(values | overrides))
    shelves.refresh(product_ids=[made.product_id], actor=SYSTEM)
    return made


def costs_now(made, price, version=1):
    """Let the shop ask another price, and every card say so."""
    offers.change_price(
        vendor_id=made.vendor.id,
        offer_id=made.offer_id,
        price=price,
        expected_version=version,
        actor=SYSTEM,
    )
    shelves.refresh(product_ids=[made.product_id], actor=SYSTEM)


def soup(answer):
    assert answer.status_code == 200, answer.text[:300]
    return BeautifulSoup(answer.text, "html.parser")


def token_of(browser):
    return soup(browser.get("/en/settings")).find("input", attrs={"name": "csrf_token"})["value"]


def sent(browser, address, **form):
    return browser.post(f"/en/favourites/{address}", data=form | {"csrf_token": token_of(browser)})


def like(browser, made):
    answer = sent(browser, "hearts", product=made.ref)
    assert answer.status_code == 303, answer.text[:500]


def heart(browser, made, address="/en/goods/"):
    """Return the heart beside goods: whether it is filled, and where pressing it leads."""
    page = soup(browser.get(address))
    button = page.select_one(f'button[form="hearts"][value="{made.ref}"]')
    form = page.select_one("form#hearts")
    return button["aria-pressed"], button.get("formaction") or form["action"]


def liked(browser, address="/en/favourites/"):
    """Return the titles on a list, in their order."""
    return [title.text.strip() for title in soup(browser.get(address)).select("li.item p b")]


def lists_of(actor, list_id=None):
    with reading():
        return queries.page_of(actor, list_id=list_id, before=None, prefs=GERMANY)
