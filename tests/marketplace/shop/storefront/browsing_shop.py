"""Goods on a shelf, and how a browser without JavaScript reads and fills the shop's pages."""

from __future__ import annotations

from bs4 import BeautifulSoup

from kernel.actor import SYSTEM
from kernel.money import Money
from marketplace.shop.listing_index import service as shelves
from tests.marketplace.makers import make_offer

TITLES = {"ja": "志野焼の急須", "en": "Shino teapot", "fr": "Théière Shino"}


def shown(**overrides):
    values = {"titles": TITLES, "category": "teapots-s", "price": Money(8900, "JPY")} | overrides
    made = make_offer(**values)
    shelves.refresh(product_ids=[made.product_id], actor=SYSTEM)
    return made


def soup(answer):
    assert answer.status_code == 200, answer.text[:300]
    return BeautifulSoup(answer.text, "html.parser")


def product(client, made, query="", lang="en"):
    return soup(client.get(f"/{lang}/p/{made.ref}/{query}", follow_redirects=True))


def posted(client, path, form):
    token = soup(client.get("/en/settings")).find("input", attrs={"name": "csrf_token"})["value"]
    answer = client.post(path, data=form | {"csrf_token": token})
    assert answer.status_code == 303, answer.text[:500]


def put(client, made, pieces=1):
    form = {"offer_id": made.offer_id, "quantity": pieces, "currency": "EUR", "seen_minor": 100}
    posted(client, "/en/cart/lines", form)
