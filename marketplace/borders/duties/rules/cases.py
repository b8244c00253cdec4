"""Parses landed-cost cases from JSON; says which key it does not understand."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from marketplace.borders.duties.rules import (
    Case,
    Channel,
    Consignment,
    Content,
    FeeChoice,
    Incoterm,
    Layer,
    LayerKind,
    Line,
    Malformed,
    Per,
)

_COUNTRY, _CURRENCY, _HS, _DAY = r"[A-Z]{2}", r"[A-Z]{3}", r"\d{6,10}", r"\d{4}-\d\d-\d\d"
_CONTENT_UNITS = ("g", "ml", "piece")
_SCHEMES = ("simplified", "normal")
Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=StrEnum)


def cases_of(data: object) -> list[Mapping[str, Any]]:
    """Return the cases of a file, each a mapping. Raises: Malformed."""
    if not isinstance(data, list):
        raise Malformed("the file is not a list of cases")
    return data


def case_id(data: object, position: int) -> str:
    """Return the id to report a case under, its position where it has none."""
    if isinstance(data, Mapping) and isinstance(data.get("id"), str):
        return str(data["id"])
    return f"#{position}"


def bodies(data: object, regional: Collection[str]) -> tuple[list[Case], bool]:
    """Return the consignments of a case and whether they are a layout.

    Shape: regional are the countries whose tax is a matter of the province or state.
    Raises: Malformed.
    """
    case = _mapping(data, "case")
    if case.get("layout") is None:
        return [body(case, regional)], False
    parts = _list(case["layout"], "layout")
    if not parts:
        raise Malformed("layout is empty")
    return [body(_mapping(part, "layout"), regional) for part in parts], True


def body(data: Mapping[str, Any], regional: Collection[str]) -> Case:
    """Return one consignment with its tariff, rates and fees. Raises: Malformed."""
    consignment = _mapping(_needed(data, "consignment"), "consignment")
    tariff = _mapping(_needed(data, "tariff"), "tariff")
    fees = _list_or_nothing(data, "fees_on")
    return Case(
        consignment=_consignment(
            consignment, _list(_needed(tariff, "lines"), "tariff.lines"), regional
        ),
        fx=_rates(_mapping_or_nothing(data, "fx")),
        fees_on=tuple(_fee_choice(_mapping(fee, "fees_on")) for fee in fees),
    )


def _consignment(
    data: Mapping[str, Any], tariff: Sequence[Any], regional: Collection[str]
) -> Consignment:
    place = _mapping(_needed(data, "destination"), "destination")
    seller = _mapping_or_nothing(data, "seller")
    buyer = _mapping_or_nothing(data, "buyer")
    lines = _list(_needed(data, "lines"), "lines")
    if not lines or len(lines) != len(tariff):
        raise Malformed("lines is empty or not parallel to tariff.lines")
    country = _text(place, "country", _COUNTRY)
    return Consignment(
        country=country,
        region=_region(place, is_regional=country in regional),
        dispatch_country=_text(data, "dispatch_country", _COUNTRY),
        channel=_choice(Channel, data, "channel"),
        sale_on=_date(data, "sale_date"),
        entry_on=_date(data, "entry_date"),
        currency=_text(data, "currency", _CURRENCY),
        result_currency=_optional(
            data, "result_currency", lambda: _text(data, "result_currency", _CURRENCY)
        ),
        incoterm=_choice(Incoterm, data, "incoterm"),
        business=_flag(data, "business", default=False),
        full_declaration=_one_of(data, "declaration", ("H7", "H1")) == "H1",
        registrations=_names(_list_or_nothing(seller, "registrations"), "registrations"),
        cn_annual_used=_amount(buyer, "cn_annual_used"),
        kr_same_day_usd=_amount(buyer, "kr_same_day_usd"),
        lines=tuple(
            _line(_mapping(x, "lines"), _list(t, "tariff.lines"))
            for x, t in zip(lines, tariff, strict=True)
        ),
        freight=_amount(data, "freight"),
        insurance=_amount(data, "insurance"),
        duty_recharged=_flag(data, "duty_recharged_to_buyer", default=True),
    )


def _region(place: Mapping[str, Any], *, is_regional: bool) -> str | None:
    if place.get("region") is not None:
        return _text(place, "region", r"[A-Z]{2}") if is_regional else None
    if is_regional:
        raise Malformed("destination.region is missing")
    return None


def _line(data: Mapping[str, Any], tariff: Sequence[Any]) -> Line:
    quantity = _needed(data, "quantity")
    if type(quantity) is not int or not 1 <= quantity <= _MOST_PIECES:
        raise Malformed(f"quantity: {quantity!r}")
    _needed(data, "unit_price")
    return Line(
        hs=_text_or_nothing(data, "hs", _HS),
        origin=_text_or_nothing(data, "origin", _COUNTRY),
        quantity=quantity,
        unit_price=_amount(data, "unit_price"),
        weight_g=_optional(data, "weight_g", lambda: _amount(data, "weight_g")),
        origin_proof=_flag(data, "origin_proof", default=False),
        tax_class=_one_of(data, "tax_class", ("standard", "reduced")),
        cosmetics=_cosmetics(_mapping_or_nothing(data, "attributes")),
        layers=tuple(_layer(_mapping(layer, "tariff.lines")) for layer in tariff),
    )


def _cosmetics(data: Mapping[str, Any]) -> Content | None:
    if data.get("category") != "cosmetics":
        return None
    _needed(data, "content_unit")
    _needed(data, "content")
    content = _amount(data, "content")
    if not content:
        raise Malformed("attributes: content is nothing")
    return Content(content, _one_of(data, "content_unit", _CONTENT_UNITS))


_LAYER_KEYS: Mapping[LayerKind, tuple[str, ...]] = {
    LayerKind.AD_VALOREM: ("rate_pct",),
    LayerKind.SPECIFIC: ("amount", "per"),
    LayerKind.PREFERENCE: ("replaces", "rate_pct"),
    LayerKind.CAP_NET_OF: ("net_of", "rate_pct"),
    LayerKind.PROHIBITION: (),
}


def _layer(data: Mapping[str, Any]) -> Layer:
    kind = _choice(LayerKind, data, "type")
    for key in _LAYER_KEYS[kind]:
        _needed(data, key)
    origins, source = data.get("origins"), data.get("source")
    return Layer(
        id=_name(data, "id"),
        kind=kind,
        rate_pct=_optional(data, "rate_pct", lambda: _amount(data, "rate_pct")),
        amount=_optional(data, "amount", lambda: _amount(data, "amount")),
        per=_choice(Per, data, "per") if kind is LayerKind.SPECIFIC else None,
        replaces=_optional(data, "replaces", lambda: _name(data, "replaces")),
        net_of=_optional(data, "net_of", lambda: _name(data, "net_of")),
        origins=None if origins is None else _names(_list(origins, "origins"), "origins"),
        scheme=_optional(data, "scheme", lambda: _one_of(data, "scheme", _SCHEMES)),
        valid_from=_optional(data, "valid_from", lambda: _date(data, "valid_from")),
        valid_to=_optional(data, "valid_to", lambda: _date(data, "valid_to")),
        # No key of the contract: what the shop's own tariff says of itself.
        source=source if isinstance(source, str) and source else "case",
    )


def _fee_choice(data: Mapping[str, Any]) -> FeeChoice:
    return FeeChoice(
        row=_name(data, "row"),
        amount=_optional(data, "amount", lambda: _amount(data, "amount")),
        valid_from=_optional(data, "valid_from", lambda: _date(data, "valid_from")),
        valid_to=_optional(data, "valid_to", lambda: _date(data, "valid_to")),
    )


def _rates(data: Mapping[str, Any]) -> dict[tuple[str, str], Fraction]:
    rates: dict[tuple[str, str], Fraction] = {}
    for pair in data:
        match = re.fullmatch(r"([A-Z]{3})/([A-Z]{3})", pair)
        rate = _amount(data, pair)
        if match is None or rate == 0:
            raise Malformed(f"fx: {pair!r}")
        rates[match[1], match[2]] = rate
    return rates


def _needed(data: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401 - typed by its caller
    if data.get(key) is None:
        raise Malformed(f"{key} is missing")
    return data[key]


def _optional(data: Mapping[str, Any], key: str, read: Callable[[], Value]) -> Value | None:
    return None if data.get(key) is None else read()


def _mapping(value: object, key: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Malformed(f"{key} is not an object")
    return value


def _list(value: object, key: str) -> list[Any]:
    if not isinstance(value, list):
        raise Malformed(f"{key} is not a list")
    return value


def _mapping_or_nothing(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    return {} if data.get(key) is None else _mapping(data[key], key)


def _list_or_nothing(data: Mapping[str, Any], key: str) -> list[Any]:
    return [] if data.get(key) is None else _list(data[key], key)


def _names(values: list[Any], key: str) -> frozenset[str]:
    if not all(isinstance(value, str) for value in values):
        raise Malformed(f"{key} holds others than texts")
    return frozenset(values)


def _name(data: Mapping[str, Any], key: str) -> str:
    value = _needed(data, key)
    if not isinstance(value, str) or not value:
        raise Malformed(f"{key}: {value!r}")
    return value


def _one_of(data: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> str:
    """Return a text that is one of the choices, the first where the key is absent."""
    value = data.get(key)
    if value is None:
        return choices[0]
    # A tuple compares; a set would have to hash what may be a list.
    if value not in choices:
        raise Malformed(f"{key}: {value!r}")
    return str(value)


def _text_or_nothing(data: Mapping[str, Any], key: str, pattern: str) -> str | None:
    return None if data.get(key) in (None, "") else _text(data, key, pattern)


def _text(data: Mapping[str, Any], key: str, pattern: str) -> str:
    value = _needed(data, key)
    if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
        raise Malformed(f"{key}: {value!r}")
    return value


def _choice(kind: type[Choice], data: Mapping[str, Any], key: str) -> Choice:
    value = _needed(data, key)
    try:
        return kind(value)
    except ValueError:
        raise Malformed(f"{key}: {value!r}") from None


def _flag(data: Mapping[str, Any], key: str, *, default: bool) -> bool:
    value = data.get(key)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise Malformed(f"{key}: {value!r}")
    return value


def _date(data: Mapping[str, Any], key: str) -> date:
    value = _text(data, key, _DAY)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Malformed(f"{key}: {value!r}") from None


def _amount(data: Mapping[str, Any], key: str) -> Fraction:
    """Return a decimal that is not negative, nothing where the key is absent."""
    value = data.get(key)
    if value is None:
        return Fraction(0)
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return Fraction(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Malformed(f"{key}: {value!r}")
    number = Decimal(value)
    if not number.is_finite() or number < 0 or number.adjusted() > _DIGITS_BEFORE:
        raise Malformed(f"{key}: {value!r}")
    if number.adjusted() < -_DIGITS_AFTER or len(number.as_tuple().digits) > _DIGITS_AFTER:
        raise Malformed(f"{key} has more than {_DIGITS_AFTER} digits")
    return Fraction(number)


# Keeps an exponent in a file from becoming a number that fills the memory.
_DIGITS_BEFORE, _DIGITS_AFTER = 18, 60
_PLAIN = re.compile(rf"\d{{1,{_DIGITS_BEFORE + 1}}}(\.\d{{1,{_DIGITS_AFTER}}})?", re.ASCII)
_MOST_PIECES = 10**9
