"""From China to the Emirates: each limit and each date edge, reckoned by hand."""

from __future__ import annotations

from landed_cases import LimitCase, ad_valorem, landed, make_line, quote

USD_KRW = {"USD/KRW": "1400"}

ASIA_AND_PACIFIC: list[LimitCase] = [
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
