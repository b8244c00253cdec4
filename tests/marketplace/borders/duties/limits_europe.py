"""The Union, Great Britain, Switzerland: each limit and each date edge, reckoned by hand."""

from __future__ import annotations

from landed_cases import LimitCase, landed, make_line, quote

EUROPE: list[LimitCase] = [
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
]
