"""What pages show a guest: what they show a stranger, and the way to their order."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kernel.people.identity import queries as people

PASSWORD = "correct horse battery"


@pytest.fixture
def guest(make_guest):
    return make_guest(email="noor@example.com")


def header(browser, path="/en/"):
    page = BeautifulSoup(browser.get(path).text, "html.parser")
    return {link["href"] for link in page.select("header a[href]")}


def way_to_sign_in(browser, path):
    return next(href for href in header(browser, path) if href.startswith("/en/sign-in"))


def test_the_header_shows_a_guest_the_way_to_an_account(guest, as_):
    links = header(as_(guest))

    assert "/en/sign-in?next=/en/" in links
    assert "/en/account" not in links
    assert "/en/orders/" not in links


def test_the_header_shows_the_way_to_an_order_where_there_is_one(guest, order_of, as_):
    order_of(guest)

    assert "/en/orders/" in header(as_(guest))


def test_signing_in_leads_back_also_from_the_page_that_asks(client):
    back = "/en/sign-in?next=/en/goods/?page%3D2"

    assert way_to_sign_in(client, "/en/goods/?page=2") == back
    for path in ("/en/sign-in", "/en/sign-up", "/en/sign-in/forgotten", "/en/guest/sent"):
        assert way_to_sign_in(client, f"{path}?next=/en/goods/%3Fpage%3D2") == back
        assert way_to_sign_in(client, path) == "/en/sign-in"


def test_signing_up_leads_back(client):
    with client.session_transaction() as cookies:
        cookies["csrf"] = "test-token"
    form = {"name": "Camille", "email": "camille@example.com", "password": PASSWORD}

    answer = client.post("/en/sign-up?next=/en/cart/", data=form | {"csrf_token": "test-token"})

    assert answer.location == "/en/cart/"


def test_what_a_guest_typed_stands_in_the_form_for_an_account(guest, as_, client):
    page = BeautifulSoup(as_(guest).get("/en/sign-up").text, "html.parser")
    empty = BeautifulSoup(client.get("/en/sign-up").text, "html.parser")

    assert page.select_one("#f-email")["value"] == "noor@example.com"
    assert page.select_one("#f-name")["value"] == "Noor Guest"
    assert empty.select_one("#f-email")["value"] == ""


def test_a_page_of_accounts_tells_a_guest_why_it_asks(guest, as_):
    page = as_(guest).get("/en/account", follow_redirects=True)

    assert 'data-code="account_first"' in page.text
    assert page.request.path == "/en/sign-in"


def test_a_guest_closes_the_order_on_a_shared_computer(guest, order_of, as_):
    order_of(guest)
    browser = as_(guest)

    browser.post("/en/sign-out", data={"csrf_token": "test-token"})

    assert people.actor_of_session(str(guest.session_id)) is None
    assert browser.get("/en/orders/").location.startswith("/en/sign-in")


def test_accounts_have_no_page_for_guests(make_person, as_):
    assert as_(make_person()).get("/en/guest/account").status_code == 403


def test_a_guest_gets_and_lets_go_of_what_they_wrote(guest, as_):
    browser = as_(guest)

    assert browser.get("/en/account/words/").status_code == 200
    assert browser.get("/en/account/words/words.json").is_json
    letting_go = browser.post("/en/account/words/let-go", data={"csrf_token": "test-token"})
    assert letting_go.location == "/en/account/words/"


def test_pages_of_guests_are_kept_nowhere(guest, as_):
    for path in ("/en/guest/account", "/en/guest"):
        assert as_(guest).get(path).headers["Cache-Control"] == "no-store"
