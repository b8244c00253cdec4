"""What pages are told: the stair, its sentences, ranges, and refusals in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from kernel.money import Money
from marketplace.borders.duties import errors, queries, shipped
from marketplace.borders.duties.queries import Goods, Shipment
from marketplace.borders.duties.rules import words

ON = "2026-11-25T09:00"


def make_goods(**more: Any) -> Goods:
    given: dict[str, Any] = {
        "line_ref": "1",
        "title": "Teapot",
        "hs_code": "691110",
        "origin_country": "CN",
        "quantity": 1,
        "unit_price": Money.of("40.00", "EUR"),
        "weight_g": 780,
    }
    return Goods(**(given | more))


def make_shipment(*goods: Goods, to: str = "FR", **more: Any) -> Shipment:
    lines = goods or (make_goods(),)
    given: dict[str, Any] = {
        "goods": lines,
        "dispatch_country": "CN",
        "destination_country": to,
        "destination_region": None,
        "freight": Money.of("9.90", lines[0].unit_price.currency),
    }
    return Shipment(**(given | more))


def test_the_stair_re_adds_and_every_step_says_why(clock: Any) -> None:
    clock(ON)

    found = queries.estimate(shipment=make_shipment())

    assert found.is_exact
    cost = found.low
    assert cost is not None
    assert (cost.regime, str(cost.duty), str(cost.taxes)) == (
        "EU_LOW_FLAT",
        "3.00 EUR",
        "10.58 EUR",
    )
    assert sum(line.amount.minor for line in cost.lines) == cost.total.minor == 6348
    assert all(str(line.why) and str(line.name) for line in cost.lines)
    tax = next(line for line in cost.lines if line.kind == "tax")
    assert str(tax.why) == "20% of 52.90 EUR."
    assert tax.rows == ("FR-VAT-2022",)


def test_without_a_province_the_page_shows_a_range(clock: Any) -> None:
    clock(ON)
    goods = make_goods(unit_price=Money.of("100.00", "CAD"))

    found = queries.estimate(shipment=make_shipment(goods, to="CA"))

    assert not found.is_exact
    assert found.low is not None
    assert found.high is not None
    assert (str(found.low.taxes), str(found.high.taxes)) == ("5.35 CAD", "16.05 CAD")


def test_goods_inside_one_customs_territory_bear_nothing(clock: Any) -> None:
    clock(ON)

    found = queries.estimate(shipment=make_shipment(dispatch_country="DE"))

    assert found.low is not None
    assert (found.low.regime, str(found.low.charges)) == ("DOMESTIC", "0.00 EUR")
    assert not queries.needs_declaration(dispatch_country="DE", destination_country="FR")
    assert queries.needs_declaration(dispatch_country="DE", destination_country="CH")


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


@pytest.mark.parametrize(
    ("shipment", "error"),
    [
        (make_shipment(to="NO"), errors.UnsupportedDestination),
        (make_shipment(make_goods(hs_code=None)), errors.GoodsNotClassified),
        (make_shipment(make_goods(origin_country=None)), errors.OriginMissing),
        (make_shipment(make_goods(hs_code="220421")), errors.GoodsProhibited),
        (
            make_shipment(make_goods(hs_code="850760"), channel=queries.Channel.POST),
            errors.GoodsProhibited,
        ),
        (make_shipment(make_goods(hs_code="271019")), errors.DutyUnknown),
        (make_shipment(make_goods(unit_price=usd("2600")), to="US"), errors.FormalEntryNeeded),
        (
            make_shipment(
                make_goods(hs_code="330499", unit_price=Money.of("80", "CNY")),
                to="CN",
                dispatch_country="KR",
            ),
            errors.ContentUnknown,
        ),
        (
            make_shipment(
                make_goods(unit_price=Money.of("3000", "CNY"), quantity=2),
                to="CN",
                dispatch_country="KR",
            ),
            errors.SingleImportLimit,
        ),
        (
            make_shipment(
                make_goods(unit_price=Money.of("401", "SGD")),
                make_goods(unit_price=Money.of("10", "SGD")),
                to="SG",
            ),
            errors.MixedBasket,
        ),
    ],
)
def test_what_cannot_be_quoted_is_refused_in_words_and_never_free(
    clock: Any, shipment: Shipment, error: type[Exception]
) -> None:
    clock(ON)

    with pytest.raises(error):
        queries.assessed(shipment=replace(shipment, destination_region=None))
    found = queries.estimate(shipment=shipment)

    assert (found.low, found.high) == (None, None)
    assert str(found.refusal)


def test_cosmetics_for_china_are_taxed_by_content(clock: Any) -> None:
    clock(ON)
    cream = make_goods(
        hs_code="330499",
        unit_price=Money.of("425.00", "CNY"),
        content=Decimal(20),
        content_unit="g",
    )

    cost = queries.assessed(
        shipment=make_shipment(cream, to="CN", dispatch_country="FR", freight=Money(0, "CNY"))
    ).cost

    assert str(cost.taxes) == "98.00 CNY"


def test_united_states_layers_add_up_by_origin_and_date(clock: Any) -> None:
    clock(ON)
    shirt = make_goods(hs_code="610910", unit_price=usd("100.00"))

    def rows(origin: str) -> dict[str, str]:
        shipment = make_shipment(replace(shirt, origin_country=origin), to="US")
        quote = queries.assessed(shipment=shipment).quote
        return {c.row: str(c.amount) for c in quote.charges if c.kind == "duty"}

    assert rows("CN") == {
        "US-6109-MFN": "33/2",
        "US-S301-CN-LIST-4A": "15/2",
        "US-S301-FL-12.5": "25/2",
    }
    assert rows("JP") == {"US-6109-MFN": "33/2", "US-S301-FL-CAP-12.5": "0"}
    assert rows("MX") == {"US-6109-MFN": "33/2", "US-S301-FL-10": "10"}


def test_a_stair_in_the_buyers_currency_still_re_adds(clock: Any) -> None:
    clock(ON)
    cost = queries.assessed(shipment=make_shipment()).cost

    turned = cost.in_currency("JPY", Fraction("161.37"))

    assert turned.total.minor == sum(line.amount.minor for line in turned.lines)
    assert turned.currency == turned.total.currency == "JPY"


def test_every_code_of_the_tariff_answers_for_every_destination() -> None:
    tariff, tables = shipped.tariff(), shipped.tables()
    codes = {row.scope.prefixes[0].ljust(6, "0") for row in tariff.main["EU"] if row.scope.prefixes}

    for destination in tables.destinations:
        for code in codes:
            found = tariff.layers(hs=code, destination=destination.code)
            assert found or destination.code == "BR", (destination.code, code)


def test_every_reason_regime_tax_and_fee_has_a_sentence() -> None:
    tables, tariff = shipped.tables(), shipped.tariff()

    assert {row.reason for row in tariff.restrictions} == set(words.RESTRICTIONS)
    assert {row.id for row in tables.fees} == set(words.FEES)
    assert {row.name for row in tables.tax_rates} <= set(words.TAXES)
