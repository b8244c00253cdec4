"""What must hold for every basket, not only for those somebody thought of."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from landed_cases import ad_valorem, landed, make_line

from marketplace.borders.duties.rules.arithmetic import apportion, cut, half_up

COUNTRIES = ["DE", "GB", "US", "CN", "JP", "CA", "AU", "CH", "BR", "KR", "SG", "AE"]
FX = {"USD/KRW": "1391.27", "USD/BRL": "5.4321"}
cents = st.integers(1, 60_000)
steps = st.sampled_from([Fraction(1, 100), Fraction(1, 20), Fraction(1), Fraction(10)])


def price(country: str, value: int) -> str:
    return str(value * 10) if country in {"JP", "KR"} else str(Decimal(value).scaleb(-2))


@given(
    amount=st.integers(0, 10**7),
    weights=st.lists(st.fractions(0, 10**6), min_size=1, max_size=12),
    step=steps,
)
def test_shares_re_add_and_never_differ_by_a_unit_from_the_exact(
    amount: int, weights: list[Fraction], step: Fraction
) -> None:
    whole = amount * step

    shares = apportion(whole, weights, step)

    assert sum(shares) == whole
    total = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        exact = whole * weight / total if total else whole / len(weights)
        assert abs(share - exact) < step
        assert (share / step).denominator == 1


@given(value=st.fractions(-(10**6), 10**6), step=steps)
def test_rounding_is_near_and_a_cut_never_grows(value: Fraction, step: Fraction) -> None:
    assert abs(half_up(value, step) - value) * 2 <= step
    assert abs(cut(value, step)) <= abs(value)
    assert half_up(-value, step) == -half_up(value, step)


@pytest.mark.parametrize("country", COUNTRIES)
@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(st.tuples(cents, st.integers(1, 4)), min_size=1, max_size=5),
    freight=st.integers(0, 5_000),
    insurance=st.integers(0, 500),
    rate=st.integers(0, 400),
    recharged=st.booleans(),
)
def test_total_is_the_sum_of_its_rounded_parts(
    country: str,
    values: list[tuple[int, int]],
    freight: int,
    insurance: int,
    rate: int,
    recharged: bool,
) -> None:
    lines = [make_line(price(country, value), quantity=count) for value, count in values]
    found = landed(
        country,
        lines=lines,
        layers=[[ad_valorem(str(Decimal(rate).scaleb(-1)))] for _ in lines],
        freight=price(country, freight),
        insurance=price(country, insurance),
        fx=FX,
        incoterm="DDP",
        duty_recharged_to_buyer=recharged,
    )
    if found["decision"] == "refuse":
        assert found["reason"] in {
            "CN_CBEC_SINGLE_LIMIT",
            "CN_CBEC_ANNUAL_LIMIT",
            "SG_MIXED_BASKET",
            "US_FORMAL_ENTRY",
            "BR_PROGRAMME_CEILING",
        }
        return

    goods = sum(Decimal(line["unit_price"]) * line["quantity"] for line in lines)
    carriage = Decimal(price(country, freight)) + Decimal(price(country, insurance))
    duty, absorbed = Decimal(found["duty"]), Decimal(found["seller_cost"])
    taxes = sum((Decimal(amount) for amount in found["tax"].values()), Decimal(0))
    fees = sum((Decimal(fee["amount"]) for fee in found["fees"]), Decimal(0))

    assert Decimal(found["charges_total"]) == duty - absorbed + taxes + fees
    assert Decimal(found["landed_total"]) == goods + carriage + Decimal(found["charges_total"])
    assert absorbed == (0 if recharged else duty)
    assert min([duty, taxes, fees]) >= 0


# country, the limit's price, what is cheaper below the limit than just above it
LIMITS: list[tuple[str, int, dict[str, Any]]] = [
    ("GB", 13_500, {}),
    ("AU", 100_000, {}),
    ("CA", 2_000, {}),
    ("KR", 20_869, {}),
    ("SG", 40_000, {}),
    ("AE", 100_000, {}),
    ("DE", 15_000, {}),
]


@pytest.mark.parametrize(("country", "limit", "more"), LIMITS, ids=[row[0] for row in LIMITS])
@settings(max_examples=25, deadline=None)
@given(below=st.integers(1, 400), above=st.integers(1, 400))
def test_crossing_a_limit_never_makes_the_parcel_cheaper(
    country: str, limit: int, more: dict[str, Any], below: int, above: int
) -> None:
    rate = [[ad_valorem("20")]]
    cheap = landed(country, price(country, limit - below), layers=rate, fx=FX, **more)
    dear = landed(country, price(country, limit + above), layers=rate, fx=FX, **more)

    assert cheap["regime"] != dear["regime"]
    assert Decimal(cheap["charges_total"]) <= Decimal(dear["charges_total"])


@settings(max_examples=60, deadline=None)
@given(values=st.lists(cents, min_size=2, max_size=6), seed=st.randoms())
def test_the_order_of_equal_rated_lines_does_not_move_the_total(
    values: list[int], seed: Any
) -> None:
    shuffled = list(values)
    seed.shuffle(shuffled)

    one = landed("AE", *[price("AE", v) for v in values], layers=[[] for _ in values])
    other = landed("AE", *[price("AE", v) for v in shuffled], layers=[[] for _ in values])

    assert one["landed_total"] == other["landed_total"]
