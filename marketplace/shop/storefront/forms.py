"""Reads what stands in an address; a mangled value is left out, never an error page."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from kernel.money import exponent
from kernel.text import ascii_digits
from kernel.web.arguments import row_number
from marketplace.shop.storefront.product_page import Wish
from marketplace.shop.storefront.rules import LAST_PAGE, SORTS, STARS, Query

_FACETS = ("c", "brand", "vendor", "country")
_ATTRIBUTE = re.compile(r"^a\.[a-z0-9-]{1,40}$")
_LONGEST = 200
_MOST_VALUES = 40
_ISO_DAY = len("2026-12-03")


def parse_query(args: MultiDict[str, str], currency: str) -> Query:
    """Return the search of an address. Units: prices typed in major units of the currency."""
    values = {}
    for name in args:
        if _is_facet(name):
            given = {value for value in args.getlist(name)[:_MOST_VALUES] if value}
            if given:
                values[name] = tuple(sorted(given))
    sort = args.get("sort", "relevance")
    return Query(
        text=" ".join(_clean(args.get("q", "")).split())[:_LONGEST],
        values=values,
        low=_minor(args.get("low", ""), currency),
        high=_minor(args.get("high", ""), currency),
        in_stock=args.get("stock") == "1",
        sort=sort if sort in SORTS else "relevance",
        page=_page(args.get("page", "")),
        opened=frozenset(filter(_is_facet, args.getlist("more"))),
        is_wide=args.get("all") == "1",
        is_near=args.get("near") == "1",
        by=_day(args.get("by", "")),
        stars=int(args["stars"]) if args.get("stars") in STARS else 0,
        is_literal=args.get("exact") == "1",
    )


def address_of(query: Query, currency: str) -> dict[str, Any]:
    """Return the arguments that lead to a search again."""
    arguments: dict[str, Any] = {name: list(given) for name, given in query.values.items()}
    if query.text:
        arguments["q"] = query.text
    for name, bound in (("low", query.low), ("high", query.high)):
        if bound is not None:
            arguments[name] = str(Decimal(bound).scaleb(-exponent(currency)))
    arguments |= {name: written for name, written in _flags(query) if written}
    if query.by is not None:
        arguments["by"] = query.by.isoformat()
    if query.sort != "relevance":
        arguments["sort"] = query.sort
    if query.opened:
        arguments["more"] = sorted(query.opened)
    if query.page > 1:
        arguments["page"] = query.page
    return arguments


def _flags(query: Query) -> tuple[tuple[str, str], ...]:
    flags = (
        ("stock", query.in_stock),
        ("all", query.is_wide),
        ("near", query.is_near),
        ("exact", query.is_literal),
    )
    return *((name, "1" if is_on else "") for name, is_on in flags), (
        "stars",
        str(query.stars or ""),
    )


def parse_wish(args: MultiDict[str, str], *, is_for_business: bool) -> Wish:
    """Return what a product's address asks for."""
    pieces = ascii_digits(args.get("quantity", "")).strip()
    is_number = pieces.isascii() and pieces.isdigit() and len(pieces) < 4
    return Wish(
        variant=args.get("v", ""),
        offer_id=args.get("offer", type=row_number),
        quantity=int(pieces) if is_number else 1,
        cover=args.get("cover", ""),
        is_original=wants_original(args),
        is_for_business=is_for_business,
    )


def wants_original(args: MultiDict[str, str]) -> bool:
    """Whether an address asks for a shop's own words where a machine translated them."""
    return args.get("original") == "1"


def _is_facet(name: str) -> bool:
    return name in _FACETS or _ATTRIBUTE.match(name) is not None


def _clean(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() or sign.isspace())


def _minor(typed: str, currency: str) -> int | None:
    text = ascii_digits(typed).strip().replace(",", ".")
    try:
        minor = int(Decimal(text).scaleb(exponent(currency))) if text else None
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return minor if minor is not None and 0 <= minor < 10**13 else None


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if len(typed) == _ISO_DAY else None
    except ValueError:
        return None


def _page(typed: str) -> int:
    text = ascii_digits(typed)
    is_number = text.isascii() and text.isdigit() and len(text) < 7
    return max(1, min(int(text), LAST_PAGE)) if is_number else 1
