"""What levels are sold to whom, at what price, and what is said of them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from insurance.losses.claims.terms import handling_on
from insurance.offers.quotes import queries, rules
from insurance.offers.quotes.changed import price_change
from insurance.offers.quotes.queries import ADDS, WITHOUT, Cover, level_name
from insurance.offers.quotes.words import LEVEL
from insurance.rating.liability import queries as liability
from insurance.rating.liability.queries import Cause, Gain, Interest
from insurance.rating.tariff.queries import Product, shop_tariff_on
from kernel.money import Money
from tests.insurance.conftest import make_risk

DAY = date(2026, 11, 1)


def offered(**asked):
    """The levels on offer with what they cost before tax."""
    view = queries.estimate_parcel(risk=make_risk(**asked))
    return {level.cover.value: level.price.net for level in view.levels if level.price}


def euro(**amounts):
    return {level: Money.of(amount, "EUR") for level, amount in amounts.items()}


@pytest.fixture(autouse=True)
def _on_that_day(clock):
    clock("2026-11-01T12:00")


def test_who_buys_for_themselves_is_offered_no_level_that_adds_nothing(db):
    view = queries.estimate_parcel(risk=make_risk(interest=Interest.CONSUMER))
    narrow = view.level(Cover.TL)

    assert [level.cover for level in view.levels if level.is_offered] == [Cover.STD, Cover.PLUS]
    assert (narrow.decision, narrow.reason) == ("decline", rules.ADDS_NOTHING)
    assert (narrow.gains, narrow.perils) == ({}, ())
    assert view.is_offered


def test_what_the_seller_bears_is_not_in_the_price(db):
    sender = offered()
    assert sender == euro(TL="0.84", STD="1.30", PLUS="1.76")
    assert offered(interest=Interest.BUSINESS) == sender
    # 0.25 % and 0.50 % of what is insured, the least premium where that is more.
    assert offered(interest=Interest.CONSUMER) == euro(STD="0.50", PLUS="0.93")


@pytest.mark.parametrize(
    ("perils", "more"), [([Cause.LOST, Cause.DAMAGE], "1.30"), ([Cause.DAMAGE], "0.46")]
)
def test_a_change_is_priced_by_what_the_cover_was_sold_with(db, perils, more):
    """What a buyer was sold before levels left the loss out still costs all of its price."""
    before = make_risk(interest=Interest.CONSUMER, value="1200.00")
    after = make_risk(interest=Interest.CONSUMER, value="1328.00")
    change = price_change(
        before=before,
        after=after,
        cover=Cover.STD,
        perils=perils,
        late=None,
        with_delay=False,
        on=DAY,
        insurer_key="havre-cargo",
    )
    assert [shift.net for shift in change.shifts] == [Money.of(more, "EUR")]


def test_the_loss_is_left_out_exactly(db):
    of = shop_tariff_on(DAY, insurer_key="havre-cargo")
    base = of.base_pct[Product.PARCEL]
    for cover in (Cover.STD, Cover.PLUS):
        pct = rules.left_out_pct(cover=cover, perils=[Cause.DAMAGE], of=of)
        assert base[cover] * (1 - pct / 100) == base[cover] - base[Cover.TL]
        assert rules.left_out_pct(cover=cover, perils=[Cause.LOST], of=of) == Fraction(0)


@pytest.mark.parametrize("interest", list(Interest))
def test_every_level_offered_adds_something_and_its_policy_pays_for_it(db, interest):
    for level in queries.estimate_parcel(risk=make_risk(interest=interest)).levels:
        gains = liability.gains(level=level.cover, interest=interest, on=DAY)
        assert level.is_offered == bool(gains)
        assert level.perils == tuple(gains)


@pytest.mark.parametrize("interest", list(Interest))
@pytest.mark.parametrize("cover", list(Cover))
def test_each_cause_a_level_pays_for_is_said_once_and_no_other(interest, cover):
    gains = liability.gains(level=cover, interest=interest, on=DAY)
    said = [ADDS[cause, gain] for cause, gain in gains.items()]

    assert len(set(said)) == len(gains)
    if gains:
        assert level_name(gains)


def test_a_full_set_of_causes_has_its_level_s_name():
    for cover, name in LEVEL.items():
        assert level_name(liability.level_causes(level=cover, on=DAY)) == name


def test_what_is_said_of_theft_names_the_days_in_which_it_can_be_reported():
    days = handling_on(DAY).notice_days[Cause.THEFT]
    assert f" {days} days " in ADDS[Cause.THEFT, Gain.PAYS]


def test_whoever_can_buy_is_told_what_they_have_without_cover():
    assert set(WITHOUT) == set(Interest)
