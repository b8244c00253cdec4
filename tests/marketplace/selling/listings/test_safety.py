"""A vendor says how goods are used safely and who answers for it; their page shows it to buyers."""

from __future__ import annotations

import threading

import pytest
from bs4 import BeautifulSoup

from kernel import memory
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import command, reading
from kernel.ids import new_id
from kernel.web.i18n import use_locale
from marketplace.catalogue.products import revisions
from marketplace.catalogue.products import service as catalogue
from marketplace.catalogue.vendors import queries as vendor_queries
from marketplace.catalogue.vendors import service as vendors
from marketplace.selling.listings import queries, service
from marketplace.selling.listings.safety import Answers, Safety, who_answers
from tests.asking import says
from tests.marketplace.makers import make_offer, make_vendor

GERMAN = {
    "name": "Kiln GmbH",
    "lines": ["Ringstr. 4"],
    "city": "Köln",
    "postcode": "50667",
    "country": "DE",
    "email": "hello@kiln.example.com",
}
PERSON = {
    "responsible_name": "Safe Import BV",
    "responsible_address": "Kade 1\n3011 Rotterdam",
    "responsible_email": "safe@import.example.com",
}


@pytest.fixture
def shop(shop):
    """A shop in Japan that has named nobody for all of its products yet."""
    vendors.name_responsible(organisation_id=shop.organisation_id, responsible={}, actor=SYSTEM)
    memory.forget_everything()
    with reading():
        return vendor_queries.vendor(shop.id)


@pytest.fixture
def made(shop):
    return make_offer(vendor=shop, titles={"ja": "急須", "en": "Teapot"}, category="teapots-l")


def save(browser, made, **form):
    return browser.post(
        f"/en/desk/goods/{made.ref}/safety", data={"csrf_token": "test-token"} | form
    )


def line(seller, made):
    with reading():
        return queries.listing_for(seller, made.ref)[1][0]


def folded(client, made, lang="en", country="DE"):
    client.get("/en/settings")
    with client.session_transaction() as cookies:
        cookies["country"], cookies["currency"] = country, "EUR"
    page = client.get(f"/{lang}/p/{made.ref}/", follow_redirects=True)
    return BeautifulSoup(page.text, "html.parser").find(id="safety")


def test_warnings_and_person_reach_buyers_and_the_history(browser, seller, client, made, shop):
    told = save(browser, made, warnings="熱湯に注意", warnings_en="Hot water burns.", **PERSON)

    assert told.status_code == 303
    found = folded(client, made)
    assert found.name == "details"
    assert not found.has_attr("open")
    for words in (
        "Hot water burns.",
        "Safe Import BV",
        "3011 Rotterdam",
        "safe@import.example.com",
    ):
        assert words in found.text
    assert "熱湯に注意" in folded(client, made, "ja").text
    with reading():
        past = revisions.history(product_id=made.product_id, vendor_id=shop.id)
    assert past.revisions[0].after["en"] == "Hot water burns."


def test_languages_that_the_form_does_not_hold_stay(browser, seller, made):
    save(browser, made, warnings="熱湯に注意", warnings_fr="Eau chaude.")
    save(browser, made, warnings="", warnings_en="Hot water burns.")

    assert line(seller, made).warnings == {"fr": "Eau chaude.", "en": "Hot water burns."}


def test_warnings_that_two_people_save_at_once_are_both_kept(own_database):
    shop = make_vendor(language="ja")
    made = make_offer(vendor=shop, titles={"ja": "急須"}, category="teapots-l")
    staff = Actor(
        person_id=new_id(),
        roles=frozenset({Role.VENDOR}),
        organisation_ids=frozenset({shop.organisation_id}),
    )

    def save_in(language, words):
        safety = Safety({language: words}, {})
        service.change_safety(ref=made.ref, safety=safety, actor=staff)

    french = threading.Thread(target=save_in, args=("fr", "Eau chaude."))

    @command("tests.safety.save_english_slowly")
    def save_english_slowly(*, actor):
        save_in("en", "Hot water burns.")
        french.start()
        french.join(timeout=1)
        assert french.is_alive(), "it waits for the goods"

    save_english_slowly(actor=staff)
    french.join()

    assert line(staff, made).warnings == {"en": "Hot water burns.", "fr": "Eau chaude."}


def test_a_person_is_named_whole_or_not_at_all(browser, seller, made):
    page = save(browser, made, responsible_name="Safe Import BV")

    wrong = BeautifulSoup(page.text, "html.parser").find(id="wrong")
    assert page.status_code == 422
    assert [a["href"] for a in wrong.find_all("a")] == [
        "#f-responsible_address",
        "#f-responsible_email",
    ]
    assert line(seller, made).responsible == {}


def test_nobody_else_changes_what_is_said_of_goods(browser, db):
    other = make_offer(titles={"en": "Cup"})

    assert save(browser, other, warnings="No.").status_code == 404


def test_a_seller_in_the_union_answers_itself_while_nobody_is_named(client, db):
    made = make_offer(vendor=make_vendor(country="DE", currency="EUR", legal=GERMAN))

    found = folded(client, made)

    assert says(found, "and is responsible for product safety")
    assert "Kiln GmbH" in found.text
    assert "Ringstr. 4" in found.text


def test_buyers_in_the_union_are_told_that_nobody_is_named_and_others_are_not(client, made):
    assert says(folded(client, made), "hasn't named a responsible person in the European Union, so")
    assert folded(client, made, country="US") is None


def test_a_vendor_is_told_what_is_missing_only_where_goods_go_to_the_union(browser, made, shop):
    def desk():
        return browser.get(f"/en/desk/goods/{made.ref}").text

    hint = "Without one, buyers in the European Union can't buy this."
    assert who_answers(shop) is Answers.MISSING
    assert hint in desk()

    save(browser, made, **PERSON)
    assert hint not in desk()

    save(browser, made)
    vendors.choose_destinations(
        organisation_id=shop.organisation_id, countries=["US", "CA"], actor=SYSTEM
    )
    assert hint not in desk()


def test_warnings_of_another_language_say_which(client, made, shop):
    catalogue.change_safety(
        product_id=made.product_id,
        vendor_id=shop.id,
        warnings={"ja": "熱湯に注意"},
        responsible={},
        actor=SYSTEM,
    )
    with use_locale("en"):
        assert folded(client, made).find(class_="prose")["lang"] == "ja"
