"""Days, limits, debts and adjustments of an open cover, by plain values."""

from datetime import date
from decimal import Decimal

import pytest

from insurance.rating.tariff.queries import War
from insurance.trade.open_cover import rules
from insurance.trade.open_cover.rules import Use, Year
from insurance.trade.open_cover.stored import message_from, stored_message
from kernel.text import Message, Quoted
from tests.insurance.trade.open_cover.conftest import eur, shipment, terms


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 6, 1), date(2027, 5, 31)),
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2027, 12, 15), date(2028, 12, 14)),
        (date(2028, 2, 29), date(2029, 2, 27)),
    ],
)
def test_a_year_ends_on_the_day_before_its_first_comes_again(first, last):
    assert rules.year_from(first, 12) == last


def test_terms_are_read_as_they_were_signed():
    agreed = terms(additional=("TPND",), war=War.WAR_STRIKES)
    document = rules.stored(agreed)

    assert rules.agreed_from(document) == agreed
    assert rules.fingerprint(document) == rules.fingerprint(rules.stored(agreed))
    assert rules.fingerprint(document) != rules.fingerprint(rules.stored(terms()))


def test_a_shipment_is_told_by_everything_but_its_excuse():
    assert rules.seal_of(shipment()) == rules.seal_of(shipment(is_honest=True))
    assert rules.seal_of(shipment()) != rules.seal_of(shipment(marks="TB"))


def test_places_are_the_same_however_they_are_written():
    assert shipment(origin=" JING  Dezhen").places[0] == shipment(origin="jing dezhen").places[0]
    assert shipment(destination_country="FR").places[1] == "FR berlin"


@pytest.mark.parametrize(("used", "near"), [("79.99", False), ("80.00", True), ("100.00", True)])
def test_a_limit_is_near_from_eighty_per_cent_on(used, near):
    assert Use(what="", used=eur(used), limit=eur("100.00")).is_near(80) is near


def test_a_limit_comes_near_once():
    before = Use(what="", used=eur("79.99"), limit=eur("100.00"))
    at, after = before.with_more(eur("0.01")), before.with_more(eur("20.01"))

    assert rules.comes_near(before, at, 80)
    assert not rules.comes_near(at, after, 80)
    assert not rules.comes_near(before, before, 80)
    assert (after.free, after.pct, before.pct) == (eur("0.00"), 100, 79)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 6, 1), date(2026, 7, 15)),
        (date(2026, 6, 30), date(2026, 7, 15)),
        (date(2026, 12, 31), date(2027, 1, 15)),
    ],
)
def test_a_months_premium_is_due_fifteen_days_after_it(day, due):
    assert rules.due_on(day, 15) == due


def test_payments_pay_the_oldest_first():
    parts = [(eur("10.00"), date(2026, 7, 15)), (eur("5.00"), date(2026, 8, 15))]

    def overdue(owed, on):
        return rules.overdue(eur(owed), parts, on)

    assert overdue("15.00", date(2026, 7, 15)) == eur("0.00")
    assert overdue("15.00", date(2026, 7, 16)) == eur("10.00")
    assert overdue("5.00", date(2026, 7, 16)) == eur("0.00")
    assert overdue("7.00", date(2026, 7, 16)) == eur("2.00")
    assert overdue("5.00", date(2026, 8, 16)) == eur("5.00")


YEAR = Year(cif=eur("10000.00"), net=eur("60.00"), tax=eur("6.00"))
NOTHING = Year(cif=eur(0), net=eur(0), tax=eur(0))


@pytest.mark.parametrize(
    ("year", "turnover", "least", "by_turnover", "by_least"),
    [
        (YEAR, "10000.00", "0.00", "0.00", "0.00"),
        (YEAR, "9000.00", "0.00", "0.00", "0.00"),
        (YEAR, "12500.00", "0.00", "15.00", "0.00"),
        (YEAR, "12500.00", "75.00", "15.00", "0.00"),
        (YEAR, "12500.00", "80.00", "15.00", "5.00"),
        (NOTHING, "0.00", "150.00", "0.00", "150.00"),
        # 0.60 % of 110 % of 1,000.
        (NOTHING, "1000.00", "0.00", "6.60", "0.00"),
    ],
)
def test_a_year_is_adjusted_by_turnover_and_then_by_its_least(
    year, turnover, least, by_turnover, by_least
):
    found = rules.adjustment(terms(least=eur(least)), year, eur(turnover))

    assert (found.by_turnover, found.by_least) == (eur(by_turnover), eur(by_least))
    assert found.net == eur(by_turnover) + eur(by_least)


def test_without_a_flat_rate_and_without_declarations_turnover_has_no_price_of_its_own():
    found = rules.adjustment(terms(flat_rate_pct=""), NOTHING, eur("1000.00"))

    assert (found.by_turnover, found.by_least) == (eur(0), eur("150.00"))


def test_an_adjustment_is_taxed_as_its_year_was():
    assert rules.tax_of(eur("15.00"), YEAR, Decimal(19)) == eur("1.50")
    assert rules.tax_of(eur("15.00"), NOTHING, Decimal(19)) == eur("2.85")


def test_complaints_are_read_as_they_were_stored():
    said = Message(
        "Only %(free)s until %(day)s in %(place)s: %(why)s, %(most)s, %(n)d.",
        {
            "free": eur("1.00"),
            "day": date(2026, 6, 1),
            "place": Quoted("Berlin"),
            "why": Message("No %(what)s.", {"what": eur("2.00")}),
            "most": Decimal("1.5"),
            "n": 3,
        },
    )

    found = message_from(stored_message(said))

    assert found == said
    assert type(found.data["place"]) is Quoted
