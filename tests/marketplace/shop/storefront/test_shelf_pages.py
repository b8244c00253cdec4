"""Shelves and the cards on them: names in letters that their reader knows, pictures, pages."""

from __future__ import annotations

import re

import pytest

from kernel.actor import SYSTEM
from kernel.money import Money
from marketplace.catalogue.pictures import gallery
from marketplace.catalogue.pictures.queries import StoredPicture
from marketplace.shop.listing_index import service as shelves
from tests.asking import english
from tests.marketplace.makers import make_offer, make_vendor
from tests.marketplace.shop.storefront.browsing_shop import TITLES, shown, soup

pytestmark = pytest.mark.usefixtures("rates")


def test_a_card_names_its_seller_in_letters_that_its_reader_knows(german):
    shop = make_vendor(name="梅家坞茶事", name_latin="Meijiawu Tea")
    made = shown(vendor=shop)

    def seller(lang):
        card = soup(german.get(f"/{lang}/c/teapots-s")).find("a", href=re.compile(made.ref))
        return card.find_parent("li").select_one(".sold-by bdi").text

    assert seller("en") == "Meijiawu Tea"
    assert seller("zh-cn") == "梅家坞茶事"


def test_a_shelf_names_itself_and_counts_its_goods(german):
    shown()

    page = soup(german.get("/fr/c/teapots-s"))

    assert page.h1.text == "Théières"
    assert page.find("h3").text.strip() == "Théière Shino"
    assert page.find(attrs={"rel": "canonical"})["href"].endswith("/fr/c/teapots-s")


def test_a_card_holds_a_second_view_that_waits_until_somebody_looks_closer(german):
    made = make_offer(titles=TITLES, category="teapots-s", price=Money(8900, "JPY"))
    for digest in ("a" * 32, "b" * 32, "c" * 32):
        kept = StoredPicture(f"products/{digest}", 960, 960, (240, 480, 960))
        gallery.add_picture(
            product_id=made.product_id, vendor_id=made.vendor.id, picture=kept, alt={}, actor=SYSTEM
        )
    shelves.refresh(product_ids=[made.product_id], actor=SYSTEM)

    first, second = soup(german.get("/en/c/teapots-s")).select(".card img")

    assert "a" * 32 in first["src"]
    assert second["src"] == f"/media/products/{'b' * 32}-480.webp"
    assert (second["class"], second["loading"], second["alt"]) == (["next"], "lazy", "")


def test_a_page_that_joins_another_says_how_many_it_brings(german):
    for _ in range(26):
        shown()

    first = soup(german.get("/en/c/teapots-s"))
    rest = soup(german.get(first.find("a", rel="next")["href"]))

    assert rest.select_one("nav.more-pages")["data-said"] == english(
        "%(goods)s more products are shown.", goods=2
    )
