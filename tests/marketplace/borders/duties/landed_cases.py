"""Builds the smallest valid landed-cost case; every test says only what it is about."""

from __future__ import annotations

from typing import Any

from marketplace.borders.duties import shipped
from marketplace.borders.duties.rules.written import answer

_REGIONS = {"CA": "ON", "BR": "SP"}
_REGISTRATIONS = {
    "GB": "GB-VAT",
    "AU": "AU-GST",
    "CH": "CH-VAT",
    "SG": "SG-OVR",
    "CN": "CN-CBEC",
    "BR": "BR-PRC",
}
_CURRENCY = {
    "GB": "GBP",
    "US": "USD",
    "CN": "CNY",
    "JP": "JPY",
    "CA": "CAD",
    "AU": "AUD",
    "CH": "CHF",
    "BR": "BRL",
    "KR": "KRW",
    "SG": "SGD",
    "AE": "AED",
}

# What a case is called, the engine's answer to it, and what was reckoned by hand.
LimitCase = tuple[str, dict[str, Any], dict[str, Any]]


def ad_valorem(rate: str, **more: Any) -> dict[str, Any]:
    return {"id": "mfn", "type": "ad_valorem", "rate_pct": rate, **more}


def make_line(price: str, **more: Any) -> dict[str, Any]:
    return {"hs": "950300", "origin": "CN", "quantity": 1, "unit_price": price, **more}


def make_case(
    country: str,
    *prices: str,
    lines: list[dict[str, Any]] | None = None,
    layers: list[list[dict[str, Any]]] | None = None,
    on: str = "2026-08-03",
    registered: bool | str = True,
    fx: dict[str, str] | None = None,
    fees_on: list[dict[str, Any]] | None = None,
    **consignment: Any,
) -> dict[str, Any]:
    """A case for a country with one toy per price, a 5 % tariff, by courier from China."""
    goods = lines or [make_line(price) for price in prices]
    known = _REGISTRATIONS.get(country, "IOSS")
    names = [registered] if isinstance(registered, str) else [known] if registered else []
    body: dict[str, Any] = {
        "destination": {"country": country, "region": _REGIONS.get(country)},
        "dispatch_country": "CN",
        "channel": "courier",
        "sale_date": on,
        "entry_date": on,
        "currency": _CURRENCY.get(country, "EUR"),
        "incoterm": "DAP",
        "seller": {"registrations": names},
        "lines": goods,
    }
    return {
        "id": f"{country} made",
        "consignment": body | consignment,
        "tariff": {"lines": layers or [[ad_valorem("5")] for _ in goods]},
        "fx": fx or {},
        "fees_on": fees_on,
    }


def landed(country: str, *prices: str, **more: Any) -> dict[str, Any]:
    """The engine's answer to `make_case` of the same arguments."""
    return answer(make_case(country, *prices, **more), shipped.tables())


def holds(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """The part of a result that a test speaks of, for a readable comparison."""
    return {key: found.get(key) for key in expected}


def quote(regime: str, duty: str, tax: dict[str, str], total: str, **more: Any) -> dict[str, Any]:
    """The part of a quote that was reckoned by hand."""
    return {
        "decision": "quote",
        "regime": regime,
        "duty": duty,
        "tax": tax,
        "landed_total": total,
    } | more
