"""Each destination around each limit and each date edge; every figure computed by hand."""

from __future__ import annotations

from typing import Any

import pytest
from landed_cases import ad_valorem, holds, landed, make_line

USD_KRW = {"USD/KRW": "1400"}
USD_BRL = {"USD/BRL": "5.00"}


def quote(regime: str, duty: str, tax: dict[str, str], total: str, **more: Any) -> dict[str, Any]:
    return {
        "decision": "quote",
        "regime": regime,
        "duty": duty,
        "tax": tax,
        "landed_total": total,
    } | more


TABLE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    # --- European Union
    (
        "EU at 150.00",
        landed("DE", "150.00"),
        quote("EU_LOW_FLAT", "3.00", {"VAT": "29.07"}, "182.07", collector="platform"),
    ),
    (
        "EU above 150.00",
        landed("DE", "150.01"),
        quote("EU_STANDARD", "7.50", {"VAT": "29.93"}, "187.44", collector="carrier"),
    ),
    (
        "EU limit looks at exact values, not at rounded ones",
        landed("DE", "187.51", currency="USD", fx={"USD/EUR": "0.8"}),
        quote("EU_STANDARD", "7.50", {"VAT": "29.93"}, "187.44"),
    ),
    (
        "EU freight never moves the test",
        landed("DE", "150.00", freight="80"),
        quote("EU_LOW_FLAT", "3.00", {"VAT": "44.27"}, "277.27"),
    ),
    (
        "EU day before the flat duty",
        landed("DE", "100", on="2026-06-30"),
        quote("EU_LOW_RELIEF", "0.00", {"VAT": "19.00"}, "119.00"),
    ),
    (
        "EU first day of the flat duty",
        landed("DE", "100", on="2026-07-01"),
        quote("EU_LOW_FLAT", "3.00", {"VAT": "19.57"}, "122.57"),
    ),
    (
        "EU last day of the flat duty",
        landed("DE", "100", on="2028-06-30"),
        quote("EU_LOW_FLAT", "3.00", {"VAT": "19.57"}, "122.57"),
    ),
    (
        "EU after the flat duty there is no row",
        landed("DE", "100", on="2028-07-01"),
        {"decision": "refuse", "reason": "NO_RULE"},
    ),
    (
        "EU entry picks the duty, sale the rate of tax at sale",
        landed("EE", "100", on="2025-07-01", sale_date="2025-06-30"),
        quote("EU_LOW_RELIEF", "0.00", {"VAT": "22.00"}, "122.00"),
    ),
    (
        "EU entry picks the rate of tax at the border",
        landed("EE", "100", on="2025-07-01", sale_date="2025-06-30", registered=False),
        quote("EU_LOW_RELIEF", "0.00", {"VAT": "24.00"}, "124.00", collector="carrier"),
    ),
    (
        "EU business buyer pays the tariff below 150",
        landed("DE", "100", business=True),
        quote("EU_STANDARD", "5.00", {"VAT": "19.95"}, "124.95", collector="carrier"),
    ),
    (
        "EU flat duty counts codes, not pieces or lines",
        landed(
            "FR",
            lines=[make_line("10", quantity=3), make_line("12"), make_line("8", hs="610910")],
            layers=[[], [], []],
        ),
        quote("EU_LOW_FLAT", "6.00", {"VAT": "11.20"}, "67.20"),
    ),
    (
        "EU absorbed flat duty stays in the border base",
        landed("FR", "100", registered=False, incoterm="DDP", duty_recharged_to_buyer=False),
        quote(
            "EU_LOW_FLAT",
            "3.00",
            {"VAT": "20.60"},
            "120.60",
            seller_cost="3.00",
            collector="seller",
        ),
    ),
    (
        "EU half a cent rounds away from zero",
        landed("FI", "97", freight="0.02"),
        quote("EU_LOW_FLAT", "3.00", {"VAT": "25.51"}, "125.53"),
    ),
    # --- Great Britain
    (
        "GB at 135",
        landed("GB", "135"),
        quote("GB_LOW", "0.00", {"VAT": "27.00"}, "162.00", collector="platform"),
    ),
    (
        "GB above 135",
        landed("GB", "135.01"),
        quote("GB_STANDARD", "6.75", {"VAT": "28.35"}, "170.11", collector="carrier"),
    ),
    # --- United States
    (
        "US values in whole dollars, half up, per line",
        landed("US", "5.49", "5.50"),
        quote("US_INFORMAL", "0.55", {}, "14.23", customs_value="11.00"),
    ),
    (
        "US surcharge on its last day and fee of the year",
        landed(
            "US",
            "100",
            on="2026-07-23",
            layers=[
                [
                    ad_valorem("10"),
                    ad_valorem("10", id="s122", valid_from="2026-02-24", valid_to="2026-07-23"),
                ]
            ],
        ),
        quote("US_INFORMAL", "20.00", {}, "122.69", customs_value="100.00"),
    ),
    (
        "US fee ends with the fiscal year",
        landed("US", "100", on="2026-10-01"),
        quote("US_INFORMAL", "5.00", {}, "105.00", fees=[]),
    ),
    (
        "US fee of the next year given by the case",
        landed(
            "US",
            "100",
            on="2026-10-01",
            fees_on=[
                {
                    "row": "US-MPF-INFORMAL",
                    "amount": "2.75",
                    "valid_from": "2026-10-01",
                    "valid_to": "2027-09-30",
                }
            ],
        ),
        quote(
            "US_INFORMAL", "5.00", {}, "107.75", fees=[{"row": "US-MPF-INFORMAL", "amount": "2.75"}]
        ),
    ),
    (
        "US at the informal ceiling",
        landed("US", "2500"),
        quote("US_INFORMAL", "125.00", {}, "2627.69"),
    ),
    (
        "US above it a formal entry is needed",
        landed("US", "2501"),
        {"decision": "refuse", "reason": "US_FORMAL_ENTRY"},
    ),
    (
        "US cap net of the applied rate, never below zero",
        landed(
            "US",
            "100",
            "100",
            layers=[
                [
                    ad_valorem("4"),
                    {"id": "s301", "type": "cap_net_of", "net_of": "mfn", "rate_pct": "12.5"},
                ],
                [
                    ad_valorem("15"),
                    {"id": "s301", "type": "cap_net_of", "net_of": "mfn", "rate_pct": "12.5"},
                ],
            ],
        ),
        quote("US_INFORMAL", "27.50", {}, "230.19"),
    ),
    # --- China
    (
        "CN at the single limit",
        landed("CN", "2500", "2500"),
        quote(
            "CN_CBEC",
            "0.00",
            {"consumption_tax": "0.00", "VAT": "455.00"},
            "5455.00",
            counters={"cn_annual_used": "5000.00"},
        ),
    ),
    (
        "CN above it with two pieces",
        landed("CN", "2500", "2500.01"),
        {"decision": "refuse", "reason": "CN_CBEC_SINGLE_LIMIT"},
    ),
    (
        "CN above it with one piece",
        landed("CN", "5000.01"),
        quote("CN_CBEC_FULL", "250.00", {"consumption_tax": "0.00", "VAT": "682.50"}, "5932.51"),
    ),
    (
        "CN at the year's limit",
        landed("CN", "1000", buyer={"cn_annual_used": "25000"}),
        quote(
            "CN_CBEC",
            "0.00",
            {"consumption_tax": "0.00", "VAT": "91.00"},
            "1091.00",
            counters={"cn_annual_used": "26000.00"},
        ),
    ),
    (
        "CN above the year's limit",
        landed("CN", "1000.01", buyer={"cn_annual_used": "25000"}),
        {"decision": "refuse", "reason": "CN_CBEC_ANNUAL_LIMIT"},
    ),
    (
        "CN cosmetics at ten a gram",
        landed(
            "CN",
            lines=[
                make_line(
                    "100",
                    quantity=2,
                    attributes={"category": "cosmetics", "content": "10", "content_unit": "ml"},
                )
            ],
        ),
        quote("CN_CBEC", "0.00", {"consumption_tax": "24.71", "VAT": "21.41"}, "246.12"),
    ),
    (
        "CN cosmetics just below",
        landed(
            "CN",
            lines=[
                make_line(
                    "99.99",
                    attributes={"category": "cosmetics", "content": "10", "content_unit": "g"},
                )
            ],
        ),
        quote("CN_CBEC", "0.00", {"consumption_tax": "0.00", "VAT": "9.10"}, "109.09"),
    ),
    (
        "CN masks at fifteen a piece",
        landed(
            "CN",
            lines=[
                make_line(
                    "75",
                    attributes={"category": "cosmetics", "content": "5", "content_unit": "piece"},
                )
            ],
        ),
        quote("CN_CBEC", "0.00", {"consumption_tax": "9.26", "VAT": "8.03"}, "92.29"),
    ),
    (
        "CN two rates of VAT are rounded apart",
        landed("CN", lines=[make_line("10.05"), make_line("10.05", tax_class="reduced")]),
        quote("CN_CBEC", "0.00", {"consumption_tax": "0.00", "VAT": "1.54"}, "21.64"),
    ),
    # --- Japan
    (
        "JP at 10,000 taxable",
        landed("JP", "16666", layers=[[ad_valorem("5")]]),
        quote(
            "JP_FREE",
            "0",
            {"consumption_tax_national": "0", "consumption_tax_local": "0"},
            "16666",
            customs_value="10000",
            collector="none",
        ),
    ),
    (
        "JP above it",
        landed("JP", "16667"),
        quote(
            "JP_SIMPLIFIED",
            "500",
            {"consumption_tax_national": "700", "consumption_tax_local": "100"},
            "17967",
            customs_value="10000",
        ),
    ),
    (
        "JP normal tariff above 200,000",
        landed(
            "JP",
            "333334",
            layers=[
                [
                    ad_valorem("10", id="simple", scheme="simplified"),
                    ad_valorem("4", scheme="normal"),
                ]
            ],
        ),
        quote(
            "JP_NORMAL",
            "8000",
            {"consumption_tax_national": "16200", "consumption_tax_local": "4500"},
            "362034",
        ),
    ),
    (
        "JP one code on two lines is cut once",
        landed("JP", lines=[make_line("15000"), make_line("16000")], freight="2000"),
        quote(
            "JP_SIMPLIFIED",
            "900",
            {"consumption_tax_national": "1400", "consumption_tax_local": "300"},
            "35600",
        ),
    ),
    # --- Canada
    (
        "CA courier from the US at 40",
        landed("CA", "40", dispatch_country="US"),
        quote("CA_FREE", "0.00", {"HST": "0.00"}, "40.00", collector="none"),
    ),
    (
        "CA courier from Mexico above 40",
        landed("CA", "40.01", dispatch_country="MX"),
        quote("CA_TAX_ONLY", "0.00", {"HST": "5.20"}, "45.21"),
    ),
    (
        "CA courier from the US at 150",
        landed("CA", "150", dispatch_country="US", freight="9"),
        quote("CA_TAX_ONLY", "0.00", {"HST": "19.50"}, "178.50", customs_value="150.00"),
    ),
    (
        "CA courier from the US above 150",
        landed("CA", "150.01", dispatch_country="US"),
        quote("CA_FULL", "7.50", {"HST": "20.48"}, "177.99"),
    ),
    (
        "CA post from the US at 20",
        landed("CA", "20", dispatch_country="US", channel="post"),
        quote("CA_FREE", "0.00", {"HST": "0.00"}, "20.00", fees=[]),
    ),
    (
        "CA post from the US above 20",
        landed("CA", "20.01", dispatch_country="US", channel="post"),
        quote(
            "CA_FULL",
            "1.00",
            {"HST": "2.73"},
            "33.69",
            fees=[{"row": "CA-POST-HANDLING", "amount": "9.95"}],
        ),
    ),
    (
        "CA Quebec: QST is not charged on GST",
        landed("CA", "200", destination={"country": "CA", "region": "QC"}),
        quote("CA_FULL", "10.00", {"GST": "10.50", "QST": "20.95"}, "241.45"),
    ),
    (
        "CA Nova Scotia before April 2025",
        landed("CA", "100", on="2025-03-31", destination={"country": "CA", "region": "NS"}),
        quote("CA_FULL", "5.00", {"HST": "15.75"}, "120.75"),
    ),
    (
        "CA Nova Scotia from April 2025",
        landed("CA", "100", on="2025-04-01", destination={"country": "CA", "region": "NS"}),
        quote("CA_FULL", "5.00", {"HST": "14.70"}, "119.70"),
    ),
    # --- Australia
    (
        "AU at 1,000",
        landed("AU", "1000", freight="50"),
        quote("AU_LOW", "0.00", {"GST": "105.00"}, "1155.00", collector="platform"),
    ),
    (
        "AU above 1,000",
        landed("AU", "1000.01", freight="50"),
        quote("AU_STANDARD", "50.00", {"GST": "110.00"}, "1210.01", collector="carrier"),
    ),
    (
        "AU low value without registration",
        landed("AU", "1000", registered=False),
        quote("AU_LOW", "0.00", {"GST": "0.00"}, "1000.00", collector="none"),
    ),
    # --- Switzerland
    (
        "CH tax of five francs is not levied",
        landed("CH", lines=[make_line("192.30", tax_class="reduced")], registered=False),
        quote("CH_BORDER", "0.00", {"VAT": "0.00"}, "192.30", collector="none"),
    ),
    (
        "CH tax just above is",
        landed("CH", "61.73", registered=False),
        quote("CH_BORDER", "0.00", {"VAT": "5.00"}, "66.73", collector="carrier"),
    ),
    (
        "CH platform taxes a small order",
        landed("CH", "10"),
        quote("CH_PLATFORM", "0.00", {"VAT": "0.80"}, "10.80", collector="platform"),
    ),
    (
        "CH platform rule looks at the sale date",
        landed("CH", "100", on="2025-01-02", sale_date="2024-12-31"),
        quote("CH_BORDER", "0.00", {"VAT": "8.10"}, "108.10"),
    ),
    (
        "CH industrial duty on its last day",
        landed("CH", "200", on="2023-12-31", registered=False),
        quote("CH_BORDER", "10.00", {"VAT": "16.15"}, "226.15"),
    ),
    (
        "CH industrial duty gone",
        landed("CH", "200", on="2024-01-01", registered=False),
        quote("CH_BORDER", "0.00", {"VAT": "16.20"}, "216.20"),
    ),
    (
        "CH duty of exactly five is not levied",
        landed("CH", lines=[make_line("100", hs="210690")], registered=False),
        quote("CH_BORDER", "0.00", {"VAT": "8.10"}, "108.10"),
    ),
    # --- Brazil
    (
        "BR at 50 USD",
        landed("BR", "245", freight="5", fx=USD_BRL),
        quote("BR_PROGRAMME_LOW", "50.00", {"ICMS": "61.45"}, "361.45", collector="platform"),
    ),
    (
        "BR above 50 USD",
        landed("BR", "245.01", freight="5", fx=USD_BRL),
        quote("BR_PROGRAMME_HIGH", "50.01", {"ICMS": "61.45"}, "361.47"),
    ),
    (
        "BR above the programme's ceiling",
        landed("BR", "15000.01", fx=USD_BRL),
        {"decision": "refuse", "reason": "BR_PROGRAMME_CEILING"},
    ),
    # --- Korea
    (
        "KR at 150 USD",
        landed("KR", "210000", fx=USD_KRW),
        quote("KR_FREE", "0", {"VAT": "0"}, "210000", collector="none"),
    ),
    (
        "KR above",
        landed("KR", "210001", fx=USD_KRW),
        quote("KR_FULL", "10500", {"VAT": "22050"}, "242551", collector="carrier"),
    ),
    (
        "KR from the US at 200 USD",
        landed("KR", "280000", dispatch_country="US", fx=USD_KRW),
        quote("KR_FREE", "0", {"VAT": "0"}, "280000"),
    ),
    (
        "KR parcels of one day add up, this one is taxed",
        landed("KR", "112000", fx=USD_KRW, buyer={"kr_same_day_usd": "70.01"}),
        quote("KR_FULL", "5600", {"VAT": "11760"}, "129360"),
    ),
    (
        "KR parcels of one day at the limit",
        landed("KR", "112000", fx=USD_KRW, buyer={"kr_same_day_usd": "70"}),
        quote("KR_FREE", "0", {"VAT": "0"}, "112000"),
    ),
    # --- Singapore
    (
        "SG per item, not per consignment",
        landed("SG", lines=[make_line("400", quantity=3)]),
        quote("SG_LOW", "0.00", {"GST": "108.00"}, "1308.00", collector="platform"),
    ),
    (
        "SG above",
        landed("SG", "400.01"),
        quote("SG_STANDARD", "20.00", {"GST": "37.80"}, "457.81", collector="carrier"),
    ),
    (
        "SG sale in 2023 at eight per cent",
        landed("SG", "100", on="2024-01-02", sale_date="2023-12-31"),
        quote("SG_LOW", "0.00", {"GST": "8.00"}, "108.00"),
    ),
    (
        "SG items on both sides of the line",
        landed("SG", "400", "401"),
        {"decision": "refuse", "reason": "SG_MIXED_BASKET"},
    ),
    # --- Emirates
    (
        "AE at 1,000 delivered",
        landed("AE", "950", freight="50"),
        quote("AE_RELIEF", "0.00", {"VAT": "50.00"}, "1050.00"),
    ),
    (
        "AE above",
        landed("AE", "950.01", freight="50"),
        quote("AE_FULL", "50.00", {"VAT": "52.50"}, "1102.51"),
    ),
    (
        "AE in the two months of 300",
        landed("AE", "300.01", on="2023-02-28"),
        quote("AE_FULL", "15.00", {"VAT": "15.75"}, "330.76"),
    ),
    (
        "AE the day after them",
        landed("AE", "300.01", on="2023-03-01"),
        quote("AE_RELIEF", "0.00", {"VAT": "15.00"}, "315.01"),
    ),
]


@pytest.mark.parametrize(
    ("found", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_limit(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert holds(found, expected) == expected
