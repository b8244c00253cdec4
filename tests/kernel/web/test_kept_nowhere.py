"""What is about money and ways in stays in no browser; what is for sale may."""

import pytest


@pytest.fixture
def browser(as_, make_person):
    return as_(make_person())


@pytest.mark.parametrize(
    "address",
    [
        "/en/sign-in",
        "/en/sign-up",
        "/en/sign-in/forgotten",
        "/en/sign-in/forgotten/new/nobody-has-this",
        "/en/account",
        "/en/account/security",
        "/en/account/security/log.csv",
        "/en/account/security/password",
        "/en/bank/",
        "/en/bank/send",
        "/en/bank/safety",
        "/en/bank/requests/nobody-has-this",
    ],
)
def test_pages_of_money_and_of_ways_in_are_kept_nowhere(browser, address):
    assert browser.get(address).headers["Cache-Control"] == "no-store"


def test_a_refused_form_is_kept_nowhere(browser):
    answer = browser.post("/en/account/security/confirm", data={"csrf_token": "test-token"})

    assert (answer.status_code, answer.headers["Cache-Control"]) == (422, "no-store")


def test_pages_of_the_shop_are_asked_about_each_time(browser):
    assert browser.get("/en/cart").headers["Cache-Control"] == "private, no-cache"
