"""A password is taken as it was typed, whatever it is made of, and its fields help to type it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.people.identity import service
from kernel.people.identity.errors import WrongCredentials

EMAIL = "camille@example.com"


def sign_up(client, password, **more):
    return post(client, "/en/sign-up", name="Camille", email=EMAIL, password=password, **more)


def post(client, address, **fields):
    with client.session_transaction() as kept:
        kept["csrf"] = "test-token"
    return client.post(address, data={"csrf_token": "test-token"} | fields)


@pytest.mark.parametrize(
    "password",
    [
        "lanternsinharbours",
        "  a space before and behind  ",
        "Ünïcode 茶壶 🫖 ا ل",
        "9040217755513386",
        "~!@#$%^&*()_+`-={}|[]\\:\";'<>?,./",
        "sixty-four signs of lanterns and harbours and a bit of rope added",
        "two hundred " * 16 + "signs  !",
    ],
)
def test_any_signs_make_a_password_and_none_of_them_is_changed(client, password):
    assert sign_up(client, password).status_code == 303

    def enters(typed):
        try:
            return service.sign_in(email=EMAIL, password=typed, device="", address="", actor=SYSTEM)
        except WrongCredentials:
            return None

    assert enters(password)
    near = {password.swapcase(), password.strip(), password[:-1], password[:72], f"{password} "}
    assert [typed for typed in near - {password} if enters(typed)] == []


def test_more_than_the_password_is_another_one(client):
    longest = "two hundred " * 16 + "signs  !"
    assert len(longest) == 200
    sign_up(client, longest)
    post(client, "/en/sign-out")

    assert post(client, "/en/sign-in", email=EMAIL, password=f"{longest}x").status_code == 422
    assert post(client, "/en/sign-in", email=EMAIL, password=longest).status_code == 303


def test_a_password_of_ten_years_ago_still_opens_its_account(client, clock):
    start = clock("2026-11-25T09:00")
    sign_up(client, "lanterns in harbours")
    house_clock.freeze(start + timedelta(days=3653))

    answer = post(client, "/en/sign-in", email=EMAIL, password="lanterns in harbours")

    assert (answer.status_code, answer.location) == (303, "/en/account")
    assert client.get("/en/account").status_code == 200


def test_whoever_signs_up_is_a_buyer_whatever_else_the_form_says(client, db):
    sign_up(client, "lanterns in harbours", roles="operator", role="operator", id="1", is_admin="1")

    assert db.execute(text("SELECT roles FROM kernel.person")).scalar_one() == ["buyer"]


def test_an_address_fills_in_no_field_of_a_form(client, db):
    answer = client.get("/en/sign-up")
    answer = post(
        client,
        "/en/sign-up?name=Other&email=other@example.com&password=another+password",
        name="Camille",
    )

    assert answer.status_code == 422
    assert db.execute(text("SELECT count(*) FROM kernel.person")).scalar_one() == 0


@pytest.mark.parametrize(
    ("address", "fills_in"),
    [
        ("/en/sign-up", "new-password"),
        ("/en/sign-in", "current-password"),
        ("/en/sign-in/lost", "current-password"),
        ("/en/account/security/confirm", "current-password"),
        ("/en/account/security/password", "new-password"),
    ],
)
def test_a_field_hides_the_password_and_lets_its_manager_help(
    client, as_, make_person, address, fills_in
):
    browser = as_(make_person()) if "/account/" in address else client
    page = BeautifulSoup(browser.get(address).text, "html.parser")

    (field,) = page.select("[name=password]")
    assert (field["type"], field["autocomplete"]) == ("password", fills_in)
    assert int(field.get("maxlength", 200)) >= 64
    assert {name for name in field.attrs if name.startswith("on")} == set()
    assert not field.has_attr("value") or field["value"] == ""
