"""Telephone numbers: typed in any way, kept in one, shown as their country writes them."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kernel.db import reading
from marketplace.buying.buyers import queries, rules

FORM = {
    "csrf_token": "test-token",
    "name": "Camille Martin",
    "line1": "18 rue Mercière",
    "city": "Lyon",
    "postcode": "69002",
    "country": "FR",
}


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("FR", "06 12 34 56 78", "+33612345678"),
        ("FR", "06.12.34.56.78", "+33612345678"),
        ("FR", "+33 (0)6 12-34-56-78", "+33612345678"),
        ("FR", "0033 6 12 34 56 78", "+33612345678"),
        ("FR", "+44 7400 123456", "+447400123456"),
        ("JP", "０９０－１２３４－５６７８", "+819012345678"),
        ("AE", "٠٥٠ ١٢٣ ٤٥٦٧", "+971501234567"),
        ("US", "(415) 555-0132", "+14155550132"),
        ("DE", "0176 / 23456789", "+4917623456789"),
        ("CN", "138 0013 8000", "+8613800138000"),
        ("KR", "010 1234 5678", "+821012345678"),
        ("BR", "(11) 91234-5678", "+5511912345678"),
        ("IT", "02 1234 5678", "+390212345678"),
    ],
)
def test_a_number_is_kept_in_one_form_however_it_is_typed(country, typed, kept):
    assert rules.phone(country, typed) == kept


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("FR", "12"),
        ("US", "555-0132"),
        ("FR", "call me"),
        ("FR", "0612345678 ext 5"),
        ("FR", "+33 6 12 34 56 78 90 12"),
        ("FR", "1-800-FLOWERS"),
        ("FR", "+999 123456789"),
    ],
)
def test_what_cannot_be_a_number_is_refused(country, typed):
    assert rules.phone(country, typed) is None


@pytest.mark.parametrize("country", rules.RULES)
def test_every_country_has_an_example_that_is_a_number_there(country):
    shown = rules.phone_example(country)

    kept = rules.phone(country, shown)
    assert kept is not None
    assert kept.startswith("+")
    assert rules.phone_in(country, kept) == shown.replace("\u00a0", " ")


def test_a_number_is_shown_as_the_readers_country_writes_it():
    assert rules.phone_in("JP", "+819012345678") == "090-1234-5678"
    assert rules.phone_in("FR", "+819012345678") == "+81 90-1234-5678"
    assert rules.phone_in("CA", "+14155550132") == "(415) 555-0132"
    assert rules.phone_in("FR", "something older") == "something older"


def test_a_wrong_number_is_asked_back_with_an_example_of_its_country(as_, make_person):
    refused = as_(make_person()).post("/en/account/addresses/", data=FORM | {"phone": "12345"})

    page = BeautifulSoup(refused.text, "html.parser")
    assert refused.status_code == 422
    assert page.select_one("#wrong li a")["href"] == "#f-phone"
    assert "06\u00a012\u00a034\u00a056\u00a078" in page.select_one("#e-phone").text
    assert page.select_one("#f-phone")["value"] == "12345"


def test_an_address_keeps_the_number_and_its_form_shows_the_countrys_own(as_, make_person):
    person = make_person()
    browser = as_(person)

    browser.post("/en/account/addresses/", data=FORM | {"phone": "06-12-34-56-78"})

    with reading():
        (kept,) = queries.addresses_of(person)
    assert kept.phone == "+33612345678"
    page = BeautifulSoup(browser.get(f"/en/account/addresses/{kept.id}").text, "html.parser")
    assert page.select_one("#f-phone")["value"] == "06 12 34 56 78"


def test_an_address_needs_no_number(as_, make_person):
    told = as_(make_person()).post("/en/account/addresses/", data=FORM | {"phone": ""})

    assert told.status_code == 303
