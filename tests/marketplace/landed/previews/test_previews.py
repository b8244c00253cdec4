"""A card's total is the product page's total, whatever is sent from wherever to wherever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kernel.db import reading
from kernel.money import Money
from marketplace.borders.duties import queries as duties
from marketplace.landed.previews import queries as previews
from marketplace.landed.previews.queries import Destination, Piece
from tests.marketplace.makers import make_rates

CURRENCIES = {
    "AE": "AED",
    "AU": "AUD",
    "BR": "BRL",
    "CA": "CAD",
    "CH": "CHF",
    "CN": "CNY",
    "FR": "EUR",
    "GB": "GBP",
    "IT": "EUR",
    "JP": "JPY",
    "KR": "KRW",
    "RO": "RON",
    "SG": "SGD",
    "US": "USD",
}
GOODS = (
    ("691110", "CN", "CN", 780),
    ("420221", "IT", "FR", 900),
    ("851830", "CN", "JP", 310),
    ("330300", "FR", "FR", 400),
    ("610910", "PT", "US", 220),
    (None, "DE", "DE", 500),
)


@pytest.fixture(autouse=True)
def rates(db: Any) -> Iterator[None]:
    make_rates(
        AED="4.2",
        AUD="1.7",
        BRL="6.1",
        CAD="1.5",
        CHF="0.95",
        CNY="7.8",
        GBP="0.85",
        JPY="160",
        KRW="1500",
        RON="5",
        SGD="1.45",
        USD="1.1",
    )
    with reading():
        yield


def make_piece(price: Money, goods: tuple[Any, ...], **more: Any) -> Piece:
    hs_code, origin, dispatch, weight_g = goods
    given: dict[str, Any] = {
        "key": (1, 1),
        "title": "Goods",
        "price": price,
        "dispatch_country": dispatch,
        "hs_code": hs_code,
        "origin_country": origin,
        "weight_g": weight_g,
        "lead_days": 2,
    }
    return Piece(**(given | more))


@pytest.mark.parametrize("country", sorted(CURRENCIES))
@pytest.mark.parametrize("minor", [900, 12_345, 98_765])
@pytest.mark.parametrize("goods", GOODS)
def test_a_card_and_its_page_say_the_same(country: str, minor: int, goods: Any) -> None:
    to = Destination(country, CURRENCIES[country])
    piece = make_piece(Money(minor, to.currency), goods)

    page = previews.preview(piece, to, region=duties.usual_region(country))
    card = previews.estimate_summary(piece, to)

    assert card.total == page.total
    assert str(card.refusal) == str(page.refusal)
    assert card.crosses_border == page.crosses_border
    if page.option is not None:
        assert (card.first_on, card.last_on) == (page.option.min_on, page.option.max_on)


def test_a_currency_that_is_not_the_country_s_is_converted_step_by_step() -> None:
    to = Destination("US", "EUR")
    piece = make_piece(Money.of("240.00", "EUR"), GOODS[0])

    page = previews.preview(piece, to)

    assert page.total is not None
    assert sum(step.amount.minor for step in page.steps) == page.total.minor
    assert previews.estimate_summary(piece, to).total == page.total
    assert {step.amount.currency for step in page.steps} == {"EUR"}


def test_without_a_weight_no_carrier_is_asked() -> None:
    piece = make_piece(Money.of("10.00", "EUR"), GOODS[0], weight_g=None)

    found = previews.estimate_summary(piece, Destination("FR", "EUR"))

    assert found.total is None
    assert found.refusal is not None
    assert found.refusal.msgid == previews.NO_WEIGHT


def test_dues_are_the_steps_at_the_border() -> None:
    shipment = duties.Shipment(
        goods=(
            duties.Goods(
                line_ref="1",
                title="Teapot",
                hs_code="691110",
                origin_country="CN",
                quantity=2,
                unit_price=Money.of("90.00", "EUR"),
                weight_g=780,
            ),
        ),
        dispatch_country="CN",
        destination_country="FR",
        destination_region=None,
        freight=Money.of("9.90", "EUR"),
    )

    cost = duties.estimate(shipment=shipment).low
    amounts = duties.dues(shipment=shipment).amounts

    assert cost is not None
    assert amounts is not None
    assert sum(amount.minor for amount in amounts) == cost.charges.minor


def test_a_parcel_just_below_a_limit_tells_what_crossing_it_costs() -> None:
    to = Destination("FR", "EUR")
    goods = ("420221", "CN", "CN", 900)
    parcel = ((make_piece(Money(14_000, "EUR"), goods), 1),)

    found = previews.threshold_notice(parcel, to, previews.parcel_preview(parcel, to))

    assert found is not None
    assert (found.room, found.limit) == (Money(1_000, "EUR"), Money(15_000, "EUR"))
    under = ((make_piece(Money(15_000, "EUR"), goods), 1),)
    over = ((make_piece(Money(15_001, "EUR"), goods), 1),)
    below, beyond = (previews.parcel_preview(p, to).total for p in (under, over))
    assert beyond - below > Money(100, "EUR")


@pytest.mark.parametrize("minor", [5_000, 15_000, 40_000])
def test_far_from_a_limit_or_beyond_it_nothing_is_told(minor: int) -> None:
    to = Destination("FR", "EUR")
    parcel = ((make_piece(Money(minor, "EUR"), ("420221", "CN", "CN", 900)), 1),)
    assert previews.threshold_notice(parcel, to, previews.parcel_preview(parcel, to)) is None
