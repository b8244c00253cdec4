"""Borders and the day of arrival stand above the total, wherever an order is summed up."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

import marketplace
from kernel.money import Money
from kernel.text import Message
from tests.asking import english

TEMPLATES = Path(marketplace.__file__).parent / "templates"
OPTIONS = [
    SimpleNamespace(min_on=date(2026, 12, 3), max_on=date(2026, 12, 7)),
    SimpleNamespace(min_on=date(2026, 11, 28), max_on=date(2026, 11, 28)),
]


def drawn(app, options):
    with app.test_request_context("/en/cart/"):
        env = app.extensions["entrepot_templates"]
        macros = env.get_template("marketplace/buying/checkout/_arrivals.html").module
        page = BeautifulSoup(str(macros.arrivals(options)), "html.parser")
    return [(told.text, "serif" in told["class"]) for told in page.select(".mut, .serif")]


def test_one_parcel_is_only_its_days(app):
    assert drawn(app, OPTIONS[:1]) == [("Thu 3 Dec\u2009–\u2009Mon 7 Dec", True)]


def test_several_parcels_are_told_apart(app):
    assert drawn(app, OPTIONS) == [
        ("Parcel 1", False),
        ("Thu 3 Dec\u2009–\u2009Mon 7 Dec", True),
        ("Parcel 2", False),
        ("Sat 28 Nov", True),
    ]


@pytest.mark.parametrize("page", ["buying/cart/_sums", "buying/checkout/show"])
def test_every_stair_of_an_order_ends_with_its_days(page):
    text = (TEMPLATES / f"{page}.html").read_text(encoding="utf-8")

    door = text.index('"home")')
    assert "{{ arrivals(" in text[door : text.index("{{ sum(")]


def parcel(*dues, crosses_border=True):
    steps = [
        SimpleNamespace(name=Message("Customs duty"), amount=Money(due, "EUR")) for due in dues
    ]
    return SimpleNamespace(crosses_border=crosses_border, of=lambda *_kinds: steps)


def test_a_border_has_its_stop_also_where_it_adds_nothing(app):
    with app.test_request_context("/en/cart/"):
        env = app.extensions["entrepot_templates"]
        macros = env.get_template("marketplace/buying/checkout/_border.html").module
        drawn = macros.borders([parcel(500), parcel(crosses_border=False), parcel()])
    page = BeautifulSoup(str(drawn), "html.parser")

    assert [
        [part.text for part in stop.select(".place, .line > *")] for stop in page.select(".gate")
    ] == [
        [english("Border, parcel %(number)d", number=1), english("Customs duty"), "EUR\xa05.00"],
        [english("Border, parcel %(number)d", number=3), english("Duty and tax"), "Nothing"],
    ]


@pytest.mark.parametrize("page", ["buying/cart/_sums", "buying/checkout/show"])
def test_every_stair_of_an_order_tells_its_borders_before_the_door(page):
    text = (TEMPLATES / f"{page}.html").read_text(encoding="utf-8")

    assert text.index("{{ borders(") < text.index('"home")')
