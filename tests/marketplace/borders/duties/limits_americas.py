"""United States, Canada, Brazil: each limit and each date edge, reckoned by hand."""

from __future__ import annotations

from landed_cases import LimitCase, ad_valorem, landed, quote

USD_BRL = {"USD/BRL": "5.00"}

AMERICAS: list[LimitCase] = [
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
]
