from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kernel.actor import Role

DESKS = {
    "/en/bank/books/",
    "/en/bank/officers/",
    "/en/cover/cargo-claims/",
    "/en/cover/carriers/",
    "/en/cover/desk",
    "/en/cover/insurer/",
    "/en/cover/open-covers/",
    "/en/cover/paid-twice/",
    "/en/cover/referrals/",
    "/en/cover/tariffs/",
    "/en/moderation/",
    "/en/moderation/questions/",
    "/en/moderation/reviews/",
    "/en/operations/machinery",
    "/en/returns/disputed/",
}


@pytest.mark.parametrize("desk", sorted(DESKS))
def test_every_desk_of_an_operator_leads_to_all_the_others(as_, make_person, desk):
    browser = as_(make_person(roles=frozenset({Role.OPERATOR})))

    page = BeautifulSoup(browser.get(desk).text, "html.parser")

    row = page.select_one("header .nav-links")
    assert {a["href"] for a in row.select("a")} == DESKS
    assert [a["href"] for a in row.select("[aria-current]")] == [desk]


def test_an_underwriter_is_led_to_no_desk_of_operators(as_, make_person):
    browser = as_(make_person(roles=frozenset({Role.UNDERWRITER})))

    page = BeautifulSoup(browser.get("/en/cover/desk").text, "html.parser")

    led = {a["href"] for a in page.select("header .nav-links a")}
    assert led & DESKS == {
        "/en/cover/cargo-claims/",
        "/en/cover/carriers/",
        "/en/cover/desk",
        "/en/cover/insurer/",
        "/en/cover/open-covers/",
        "/en/cover/paid-twice/",
        "/en/cover/referrals/",
        "/en/cover/tariffs/",
    }
