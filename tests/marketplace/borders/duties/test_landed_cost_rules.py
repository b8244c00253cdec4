"""The engine's common steps: screening, layers, apportioning, fees, collector, layouts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from landed_cases import ad_valorem, landed, make_case, make_line

from marketplace.borders.duties import shipped
from marketplace.borders.duties.rules.arithmetic import apportion, cut, exact_text, half_up
from marketplace.borders.duties.rules.written import answer

CENT = Fraction(1, 100)


def test_lines_are_screened_in_order_and_prohibitions_come_last() -> None:
    prohibition = [{"id": "arms", "type": "prohibition"}]

    first = landed("DE", lines=[make_line("1", origin=None), make_line("1", hs=None)])
    second = landed("DE", lines=[make_line("1"), make_line("1", hs="")], layers=[prohibition, []])
    third = landed("DE", lines=[make_line("1"), make_line("1")], layers=[[], prohibition])

    assert (first["reason"], first["line"], first["field"]) == ("MISSING_ORIGIN", 1, "origin")
    assert (second["reason"], second["line"], second["field"]) == ("MISSING_HS", 2, "hs")
    assert (third["reason"], third["line"], third["field"]) == ("PROHIBITED", 2, "hs")


@pytest.mark.parametrize(
    ("dates", "refused"),
    [
        ({"valid_from": "2026-08-03"}, True),
        ({"valid_from": "2026-08-04"}, False),
        ({"valid_to": "2026-08-03"}, True),
        ({"valid_to": "2026-08-02"}, False),
        ({"origins": ["CN", "RU"]}, True),
        ({"origins": ["RU"]}, False),
    ],
)
def test_a_prohibition_applies_by_date_and_origin(dates: dict[str, Any], refused: bool) -> None:
    found = landed("GB", "200", layers=[[{"id": "ban", "type": "prohibition", **dates}]])

    assert (found["decision"] == "refuse") is refused


def test_a_preference_needs_proof_and_the_right_origin() -> None:
    layers = [
        ad_valorem("12"),
        {"id": "fta", "type": "preference", "replaces": "mfn", "rate_pct": "2", "origins": ["VN"]},
    ]

    def duty(**line: Any) -> str:
        return str(landed("GB", lines=[make_line("200", **line)], layers=[layers])["duty"])

    assert duty(origin="VN", origin_proof=True) == "4.00"
    assert duty(origin="VN") == "24.00"
    assert duty(origin="CN", origin_proof=True) == "24.00"


def test_a_cap_is_net_of_the_preferential_rate_that_was_applied() -> None:
    layers = [
        {"id": "cap", "type": "cap_net_of", "net_of": "mfn", "rate_pct": "15"},
        {"id": "fta", "type": "preference", "replaces": "mfn", "rate_pct": "0", "origins": ["KR"]},
        ad_valorem("8"),
    ]

    proven = landed("US", lines=[make_line("100", origin="KR", origin_proof=True)], layers=[layers])
    plain = landed("US", lines=[make_line("100", origin="KR")], layers=[layers])

    assert [e["amount"] for e in proven["trace"] if e["kind"] == "duty"] == ["15.00", "0.00"]
    assert [e["amount"] for e in plain["trace"] if e["kind"] == "duty"] == ["7.00", "8.00"]


@pytest.mark.parametrize(
    ("per", "amount", "duty"),
    [("piece", "1.25", "3.75"), ("kg", "4.00", "9.00"), ("100kg", "190.00", "4.28")],
)
def test_a_specific_duty_counts_pieces_or_weight(per: str, amount: str, duty: str) -> None:
    found = landed(
        "GB",
        lines=[make_line("100", quantity=3, weight_g=750)],
        layers=[[{"id": "mfn", "type": "specific", "amount": amount, "per": per}]],
    )

    assert found["duty"] == duty


def test_layers_are_rounded_each_by_itself() -> None:
    found = landed("GB", "135.50", layers=[[ad_valorem("1"), ad_valorem("1", id="more")]])

    assert found["duty"] == "2.72"  # 1.355 twice, not 2.71


def test_equal_remainders_go_to_the_earlier_line() -> None:
    assert apportion(Fraction(1), [Fraction(1)] * 3, CENT) == [
        Fraction(34, 100),
        Fraction(33, 100),
        Fraction(33, 100),
    ]
    assert apportion(Fraction(5), [Fraction(1), Fraction(3)], Fraction(1)) == [1, 4]
    assert apportion(Fraction(1), [Fraction(0), Fraction(0)], Fraction(1)) == [1, 0]


def test_half_goes_away_from_zero_and_a_cut_towards_it() -> None:
    assert half_up(Fraction("0.125"), CENT) == Fraction("0.13")
    assert half_up(Fraction("-0.125"), CENT) == Fraction("-0.13")
    assert half_up(Fraction("0.075"), Fraction("0.05")) == Fraction("0.10")
    assert cut(Fraction(1999), Fraction(1000)) == 1000
    assert cut(Fraction(-19), Fraction(10)) == -10
    assert [exact_text(Fraction(v)) for v in ("0.078", "12", "11/39")] == ["0.078", "12", "11/39"]


def test_freight_and_insurance_are_apportioned_apart() -> None:
    found = landed(
        "GB",
        "100",
        "50",
        freight="0.01",
        insurance="0.01",
        layers=[[ad_valorem("100")], [ad_valorem("100")]],
    )

    assert [e["base"] for e in found["trace"] if e["kind"] == "duty"] == ["100.02", "50"]


def test_a_low_value_fee_counts_items_and_ends_with_the_regime() -> None:
    chosen = [{"row": "FR-PARCEL"}, {"row": "EU-HANDLING", "amount": "1.50"}]
    lines = [make_line("20"), make_line("20", hs="610910"), make_line("5")]

    low = landed("FR", lines=lines, fees_on=chosen)
    high = landed("FR", "151", fees_on=chosen)
    elsewhere = landed("DE", lines=lines, fees_on=chosen)

    assert low["fees"] == [
        {"row": "FR-PARCEL", "amount": "4.00"},
        {"row": "EU-HANDLING", "amount": "3.00"},
    ]
    assert high["fees"] == []
    assert elsewhere["fees"] == [{"row": "EU-HANDLING", "amount": "3.00"}]


def test_a_fee_in_another_currency_is_converted_once() -> None:
    found = landed("RO", "20", fees_on=[{"row": "RO-PARCEL"}], fx={"RON/EUR": "0.19714"})

    assert found["fees"] == [{"row": "RO-PARCEL", "amount": "4.93"}]


@pytest.mark.parametrize(
    ("country", "more", "fees"),
    [
        ("AU", {"prices": ["1001"], "row": "AU-IMPORT-PROCESSING"}, ["50.00"]),
        ("AU", {"prices": ["1000"], "row": "AU-IMPORT-PROCESSING"}, []),
        ("CH", {"prices": ["100"], "row": "CH-CLEARANCE", "registered": False}, ["50.00"]),
        ("CH", {"prices": ["20"], "row": "CH-CLEARANCE", "registered": False}, []),
        ("CH", {"prices": ["100"], "row": "CH-CLEARANCE"}, []),
        ("AE", {"prices": ["100"], "row": "AE-CARRIER-ADMIN"}, ["50.00"]),
        ("AE", {"prices": ["100"], "row": "AE-CARRIER-ADMIN", "channel": "post"}, []),
        ("JP", {"prices": ["20000"], "row": "JP-POST-CLEARANCE", "channel": "post"}, ["50"]),
        ("JP", {"prices": ["2000"], "row": "JP-POST-CLEARANCE", "channel": "post"}, []),
    ],
)
def test_a_fee_row_counts_only_when_its_condition_holds(
    country: str, more: dict[str, Any], fees: list[str]
) -> None:
    given = dict(more)
    prices, row = given.pop("prices"), given.pop("row")

    found = landed(country, *prices, fees_on=[{"row": row, "amount": "50"}], **given)

    assert [fee["amount"] for fee in found["fees"]] == fees


def test_a_fee_outside_its_dates_is_not_charged() -> None:
    before = landed("IT", "20", on="2026-09-30", fees_on=[{"row": "IT-PARCEL"}])
    moved = landed(
        "IT", "20", on="2026-09-30", fees_on=[{"row": "IT-PARCEL", "valid_from": "2026-07-01"}]
    )

    assert (before["fees"], len(moved["fees"])) == ([], 1)


def test_the_seller_collects_under_ddp_and_the_carrier_under_dap() -> None:
    assert landed("GB", "200", incoterm="DDP")["collector"] == "seller"
    assert landed("GB", "200", incoterm="DAP")["collector"] == "carrier"
    assert landed("GB", "20", incoterm="DAP")["collector"] == "platform"


def test_absorbed_duty_leaves_the_base_at_sale_but_not_at_the_border() -> None:
    sale = landed("CH", lines=[make_line("200", hs="210690")], duty_recharged_to_buyer=False)
    border = landed("GB", "200", duty_recharged_to_buyer=False, incoterm="DDP")

    assert (sale["duty"], sale["seller_cost"], sale["tax"]) == ("10.00", "10.00", {"VAT": "16.20"})
    assert (border["seller_cost"], border["tax"]) == ("10.00", {"VAT": "42.00"})
    assert border["landed_total"] == "242.00"


def test_one_refused_part_refuses_the_layout_and_keeps_the_parts() -> None:
    good, bad = make_case("GB", "20"), make_case("GB", lines=[make_line("20", origin=None)])

    found = answer({"id": "two", "layout": [good, bad]}, shipped.tables())

    assert (found["decision"], found["reason"]) == ("refuse", "MISSING_ORIGIN")
    assert [part["decision"] for part in found["parts"]] == ["quote", "refuse"]


def test_a_country_without_rules_is_refused_and_never_free() -> None:
    found = landed("NO", "20", currency="EUR")

    assert (found["decision"], found["reason"]) == ("refuse", "UNSUPPORTED_DESTINATION")


def test_an_unknown_province_has_no_tax_row() -> None:
    found = landed("CA", "50", destination={"country": "CA", "region": "ZZ"})

    assert (found["decision"], found["reason"]) == ("refuse", "NO_RULE")


def china(used: str, **consignment: Any) -> dict[str, Any]:
    return landed("CN", "100", buyer={"cn_annual_used": used}, **consignment)


def test_the_counter_of_the_year_is_an_amount_of_the_result() -> None:
    # 1234.56 CNY are 157.653312 EUR, to which 100 CNY of goods add 12.77.
    euro = china("1234.56", result_currency="EUR", fx={"CNY/EUR": "0.1277"})

    assert euro["counters"] == {"cn_annual_used": "170.42"}
    assert china("1.005")["counters"] == {"cn_annual_used": "101.01"}
    assert china("1.0049")["counters"] == {"cn_annual_used": "101.00"}


def test_the_limit_of_the_year_looks_at_every_digit() -> None:
    assert china("25900")["decision"] == "quote"
    assert china("25900.001")["reason"] == "CN_CBEC_ANNUAL_LIMIT"


def test_five_centimes_become_a_whole_unit_where_there_is_no_smaller_coin() -> None:
    yen = landed(
        "CH",
        lines=[make_line("333", hs="040610")],
        result_currency="JPY",
        registered=False,
        fx={"CHF/JPY": "187.31"},
    )

    # 333 × 187.31 = 62,374.23; five per cent of 62,374 are 3,118.7; 8.1 of 65,493 are 5,304.9.
    assert (yen["duty"], yen["tax"]) == ("3119", {"VAT": "5305"})


def test_the_trace_keeps_every_digit_of_a_long_price() -> None:
    price = "1." + "0" * 39 + "1"

    assert exact_text(Fraction(price)) == price
    assert exact_text(-Fraction(price) / 100) == "-0.01" + "0" * 39 + "1"
