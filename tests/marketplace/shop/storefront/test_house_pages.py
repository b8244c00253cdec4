"""Whoever has a complaint or is kept out finds whom to write to, from the foot of every page."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from marketplace.shop.storefront.imprint import imprint
from tests.asking import english, says


def soup(answer):
    assert answer.status_code == 200, answer.text[:300]
    return BeautifulSoup(answer.text, "html.parser")


def imprint_sources():
    found = imprint("DE")
    return {name: getattr(found, name).sources for name in ("house", "bank", "cover")}


def test_complaints_name_for_each_house_whom_to_write_to_and_who_decides_then(client, db):
    told = soup(client.get("/en/about/help"))
    house = imprint("DE")

    letters = {a["href"] for a in told.select("dl a[href^=mailto]")}
    assert letters == {f"mailto:{one.mail}" for one in (house.house, house.bank, house.cover)}
    words = told.main.text
    for body in (house.house.watched_by, house.bank.watched_by, house.cover.ombudsman):
        assert body in words
    assert says(told.main, "In writing within 15 business days.")
    assert house.insurer in words


def test_whoever_waits_for_an_answer_reads_until_when_each_body_can_be_asked(client, db):
    words = soup(client.get("/en/about/help")).main

    assert says(words, "the authority of the country you live in")
    assert says(words, "From one month to one year after your complaint")
    assert says(words, "extended once, by 90 more days at most")


def test_every_house_says_where_its_terms_of_complaint_are_written():
    found = imprint_sources()

    assert all(found.values())
    laws = {house: " ".join(sources) for house, sources in found.items()}
    assert "2022/2065" in laws["house"]
    assert "2015/2366, article 101(2)" in laws["bank"]
    assert "CSSF Regulation 16-07" in laws["bank"]
    assert "EIOPA-BoS-12/069" in laws["cover"]


def test_nobody_is_sent_to_the_platform_of_the_union_that_was_closed(client, db):
    for page in ("/en/about/help", "/en/", "/en/about/price"):
        assert "consumers/odr" not in client.get(page).text


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_foot_of_a_page_leads_to_complaints_and_to_the_statement(client, db, lang):
    foot = soup(client.get(f"/{lang}/")).find("footer")

    ways = {a["href"] for a in foot.find_all("a")}
    assert {f"/{lang}/about/help#complaints", f"/{lang}/about/accessibility"} <= ways
    assert soup(client.get(f"/{lang}/about/help")).find(id="complaints")


def test_the_statement_says_by_what_what_does_not_hold_and_whom_to_tell(client, db):
    told = soup(client.get("/en/about/accessibility")).main

    assert says(told, "European standard EN 301 549 and")
    assert says(told, "2.2 at level AA")
    assert told.find(string=english("What isn't accessible yet")).find_next("ul").find_all("li")
    assert told.find("a", href=f"mailto:{imprint('DE').house.mail}")
    assert imprint("DE").house.access_watched_by in told.text
