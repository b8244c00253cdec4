"""What stands beside a product: more of its shop, others like it, nothing twice."""

from __future__ import annotations

import pytest

from tests.marketplace.makers import make_category, make_vendor
from tests.marketplace.shop.storefront.browsing_shop import product, shown

pytestmark = pytest.mark.usefixtures("rates")


def beside(page, heading):
    section = page.select_one(f"section[aria-labelledby={heading}]")
    return [link.text.strip() for link in section.select(".card h3 a")] if section else []


def listed(shop, name, category="teapots-s"):
    return shown(vendor=shop, titles={"en": name}, category=category)


def test_further_goods_of_the_shop_stand_there_whatever_their_kind(german):
    make_category("bowls-s", en="Bowls")
    shop = make_vendor()
    made = listed(shop, "Teapot")
    listed(shop, "Bowl", "bowls-s")

    page = product(german, made)

    assert beside(page, "of-shop") == ["Bowl"]
    way = page.select_one("section[aria-labelledby=of-shop] .headline a")
    assert way["href"] == f"/en/shops/{shop.slug}"


def test_goods_of_the_shop_are_not_shown_again_among_others_like_it(german):
    shop = make_vendor()
    made = listed(shop, "One")
    for name in ("Two", "Three", "Four", "Five", "Six"):
        listed(shop, name)
    listed(make_vendor(), "Of another shop")

    page = product(german, made)

    of_shop, alike = beside(page, "of-shop"), beside(page, "alike")
    assert len(of_shop) == 4
    assert not set(of_shop) & set(alike)
    assert "One" not in {*of_shop, *alike}
    assert "Of another shop" in alike


def test_a_shop_with_one_product_has_no_row_of_more(german):
    made = listed(make_vendor(), "Alone")
    listed(make_vendor(), "Of another shop")

    page = product(german, made)

    assert beside(page, "of-shop") == []
    assert beside(page, "alike") == ["Of another shop"]
