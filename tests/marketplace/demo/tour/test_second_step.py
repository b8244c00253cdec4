"""Staff of the demonstration sign in by two steps, and their phones lie beside the field."""

import pyotp
import pytest
from bs4 import BeautifulSoup

from kernel.config import Settings
from kernel.people.identity import queries as people
from kernel.people.mfa import queries as factors
from marketplace.demo.seed.known import APP_SECRET, PASSWORD
from marketplace.demo.tour import tiles
from tests.asking import problem_code

STAFF = ("operator@example.com", "underwriter@example.com")
DESK = "/en/cover/desk"


@pytest.fixture
def visitor(app, market):
    return app.test_client()


def post(browser, address, **fields):
    with browser.session_transaction() as kept:
        kept["csrf"] = "test-token"
    return browser.post(address, data={"csrf_token": "test-token"} | fields)


def first_step(browser, email):
    return post(browser, f"/en/sign-in?next={DESK}", email=email, password=PASSWORD).location


def shown(page):
    return BeautifulSoup(page.text, "html.parser").select_one("[data-app-code]")


@pytest.mark.parametrize("email", STAFF)
def test_the_code_beside_the_field_lets_staff_in(visitor, email):
    second = first_step(visitor, email)
    assert second.startswith("/en/sign-in/second")
    code = shown(visitor.get(second))["data-app-code"]
    assert post(visitor, second, code=code).location == DESK
    assert visitor.get(DESK).status_code == 200


def test_customers_and_vendors_of_the_demonstration_have_their_password_alone(visitor):
    for email in ("camille@example.com", "owner@qinglan.example.com"):
        assert first_step(visitor, email) == DESK
        assert not factors.ways_of(people.person_by_email(email).id).any


def test_outside_a_demonstration_no_page_shows_a_code(visitor, monkeypatch):
    monkeypatch.setattr(tiles, "settings", lambda: Settings(demo=False))
    page = visitor.get(first_step(visitor, STAFF[0]))
    assert page.status_code == 200
    assert shown(page) is None
    assert pyotp.TOTP(APP_SECRET).now() not in page.text


def test_a_password_alone_opens_nothing_of_the_houses(visitor):
    first_step(visitor, STAFF[0])
    assert visitor.get(DESK).location.startswith("/en/sign-in")
    assert problem_code(post(visitor, "/en/sign-in/second", code="000000")) == "wrong_code"
