"""Whoever has a complaint or is kept out finds whom to write to, from the foot of every page."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from marketplace.storefront.imprint import imprint


def soup(answer):
    assert answer.status_code == 200, answer.text[:300]
    return BeautifulSoup(answer.text, "html.parser")


def test_complaints_name_for_each_house_whom_to_write_to_and_who_decides_then(client, db):
    told = soup(client.get("/en/about/help"))
    house = imprint()

    letters = {a["href"] for a in told.select("dl a[href^=mailto]")}
    assert letters == {f"mailto:{one.mail}" for one in (house.house, house.bank, house.cover)}
    words = told.main.text
    for body in (house.house.watched_by, house.bank.watched_by, house.cover.ombudsman):
        assert body in words
    assert "In writing within 15 business days." in words
    assert house.insurer in words


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_foot_of_a_page_leads_to_complaints_and_to_the_statement(client, db, lang):
    foot = soup(client.get(f"/{lang}/")).find("footer")

    ways = {a["href"] for a in foot.find_all("a")}
    assert {f"/{lang}/about/help#complaints", f"/{lang}/about/accessibility"} <= ways
    assert soup(client.get(f"/{lang}/about/help")).find(id="complaints")


def test_the_statement_says_by_what_what_does_not_hold_and_whom_to_tell(client, db):
    told = soup(client.get("/en/about/accessibility")).main

    assert "EN 301 549" in told.text
    assert "2.2 at level AA" in told.text
    assert told.find(string="What does not conform yet").find_next("ul").find_all("li")
    assert told.find("a", href=f"mailto:{imprint().house.mail}")
    assert imprint().house.access_watched_by in told.text
