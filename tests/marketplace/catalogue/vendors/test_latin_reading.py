"""A shop says how its name and city read in Latin letters, and buyers and papers show it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kernel.db import reading
from kernel.web.locales import use_locale
from marketplace.catalogue.vendors import queries
from marketplace.catalogue.vendors.events import VendorChanged
from marketplace.words import seller_city
from tests.asking import says
from tests.marketplace.makers import make_vendor


@pytest.fixture
def shop(db):
    return make_vendor(name="梅家坞茶事", city="杭州", country="CN", currency="CNY")


def spell(browser, **form):
    return browser.post("/en/desk/shop/reading", data={"csrf_token": "test-token"} | form)


def kept(shop):
    with reading():
        return queries.vendor_by_slug(shop.slug)


def test_a_vendor_spells_name_and_city_and_others_hear_of_it(browser, shop, outbox):
    told = spell(browser, name_latin="Meijiawu Tea", city_latin="Hangzhou")

    found = kept(shop)
    assert told.status_code == 303
    assert (found.name_latin, found.city_latin) == ("Meijiawu Tea", "Hangzhou")
    assert (found.sender["name"], found.sender["city"]) == ("Meijiawu Tea", "Hangzhou")
    assert [e.vendor_id for e in outbox() if isinstance(e, VendorChanged)] == [shop.id]


def test_other_letters_are_asked_back_and_nothing_changes(browser, shop):
    page = spell(browser, name_latin="梅家坞", city_latin="Hangzhou")

    assert page.status_code == 422
    assert says(page, "Please use Latin letters here.")
    assert 'value="梅家坞"' in page.text
    assert kept(shop).city_latin == ""


def test_an_empty_reading_is_the_name_itself(browser, shop):
    spell(browser, name_latin="", city_latin="")

    assert kept(shop).name_latin == "梅家坞茶事"


def test_who_cannot_read_a_city_sees_its_latin_reading_beside_it(shop):
    known = replace(shop, city_latin="Hangzhou")

    with use_locale("fr"):
        assert seller_city(known).striptags() == "杭州 · Hangzhou"
    with use_locale("zh-CN"):
        assert seller_city(known).striptags() == "杭州"
