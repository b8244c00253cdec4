"""Reads catalogue files in JSON Lines; bad lines are told, the good ones come in.

Shapes: a category has id, parent (or parents), names and perhaps synonyms; a vendor vendor_id,
vendor_name, vendor_country, lang; a product id, sku, vendor_id, source_lang, category_id, title,
description, brand, model, attributes, price_minor, currency, stock, sales_30d, created_at.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.numbers import get_territory_currencies
from sqlalchemy import text

from kernel.actor import SYSTEM
from kernel.db import reading, session, transaction
from kernel.money import CURRENCIES
from marketplace.catalog import service as catalog
from marketplace.catalog.queries import slug
from marketplace.catalog.service import NewAttribute, NewCategory, NewChoice
from marketplace.vendors import service as vendors
from marketplace.vendors.service import Shop
from marketplace.world.bulk import BulkProduct, BulkVariant

# What files call colour, and where a category without a known parent hangs.
_ATTRIBUTES = {"color": "colour"}
_FOOD_ROOT = "fb"
_LONGEST_TITLE = 500
_MOST_STOCK = 10_000_000


class BadLine(ValueError):
    """A line that cannot be imported; the text says why."""


@dataclass(slots=True)
class Intake:
    """What came of one or several files. Shape: errors are `file:line: why`, in their order."""

    read: int = 0
    errors: list[str] = field(default_factory=list)


def lines(path: Path, intake: Intake, parse: Callable[[dict[str, Any]], Any]) -> Iterator[Any]:
    """Yield what `parse` makes of each line; a refused line is noted and left out."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            intake.read += 1
            try:
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise BadLine("not an object")
                yield parse(row)
            except KeyError as missing:
                intake.errors.append(f"{path.name}:{number}: {missing.args[0]} is missing")
            except (ValueError, TypeError, AttributeError) as refused:
                intake.errors.append(f"{path.name}:{number}: {refused}")


def import_categories(paths: list[Path], intake: Intake) -> int:
    """Put up the categories of some files; return how many."""
    rows: list[dict[str, Any]] = []
    for path in paths:
        rows += lines(path, intake, _category_row)
    keys = {row["id"] for row in rows}
    found = [
        NewCategory(key=row["id"], parent_key=_parent(row, keys), names=row["names"],
                    synonyms=row.get("synonyms") or {})
        for row in rows
    ]  # fmt: skip
    if found:
        catalog.put_categories(categories=found, actor=SYSTEM)
    return len(found)


def import_vendors(path: Path, intake: Intake) -> int:
    """Open the shops of a file, or bring them up to date; return how many."""
    shops = list(lines(path, intake, _shop))
    with transaction(name="world.import_vendors", actor=SYSTEM):
        for shop in shops:
            vendors.open_shop(shop=shop, actor=SYSTEM)
    return len(shops)


def import_attributes(path: Path) -> None:
    """Put up the attribute values of a JSON file: attribute → value → names by language."""
    data = json.loads(path.read_text(encoding="utf-8"))
    catalog.put_attributes(
        attributes=[
            _attribute(name, [NewChoice(key=k, names=v, family=_family(name, k))
                              for k, v in values.items()])
            for name, values in data.items() if isinstance(values, dict)
        ],
        actor=SYSTEM,
    )  # fmt: skip


class Products:
    """The products of a file, checked against the shops and categories that are there."""

    def __init__(self, path: Path, intake: Intake) -> None:
        self._path, self._intake = path, intake
        self._seen: set[str] = set()
        self.values: dict[str, set[str]] = {}
        with reading():
            rows = session().execute(text("SELECT external_ref, id FROM marketplace.vendor"))
            self._vendors = {row[0]: row[1] for row in rows}
            rows = session().execute(text("SELECT key, id FROM marketplace.category"))
            self._categories: dict[str, int] = {row[0]: row[1] for row in rows}

    def __iter__(self) -> Iterator[BulkProduct]:
        """Yield the good lines."""
        yield from lines(self._path, self._intake, self._product)

    def _product(self, row: dict[str, Any]) -> BulkProduct:
        external_ref = _text(row, "id")
        if external_ref in self._seen:
            raise BadLine(f"{external_ref} was in an earlier line")
        titles, source = _texts(row, "title"), _text(row, "source_lang")
        if source not in titles:
            raise BadLine(f"no title in source_lang {source}")
        product = BulkProduct(
            external_ref=external_ref, vendor_id=_known(self._vendors, row, "vendor_id"),
            category_id=self._category(row), source_locale=source,
            texts=_paired(titles, _texts(row, "description")), variants=[_variant(row)],
            listed_at=datetime.fromisoformat(_text(row, "created_at")).replace(tzinfo=UTC),
            brand=row.get("brand") or "", model=row.get("model") or "",
            attributes=self._attributes(row),
            popularity=_whole(row, "sales_30d", high=2**31 - 1),
        )  # fmt: skip
        self._seen.add(external_ref)
        return product

    def _category(self, row: Mapping[str, Any]) -> int:
        """Return the category, or the nearest one above it that is there.

        Goods on a shelf too wide are found; goods refused for a missing shelf are lost.
        """
        path = row.get("category_path")
        for key in [row.get("category_id"), *reversed(path if isinstance(path, list) else [])]:
            if isinstance(key, str) and key in self._categories:
                return self._categories[key]
        return _known(self._categories, row, "category_id")

    def _attributes(self, row: Mapping[str, Any]) -> dict[str, list[str]]:
        found = {}
        for name, value in (row.get("attributes") or {}).items():
            key = _ATTRIBUTES.get(name, name)
            self.values.setdefault(key, set()).add(str(value))
            found[key] = [str(value)]
        return found


def put_seen_values(values: Mapping[str, set[str]]) -> None:
    """Put up the attribute values that products brought along and nobody named yet.

    A value everybody knows by a word gets that word in every language we have it in, so that a
    search for “grün” finds what a file calls `green`.
    """
    known = common_values()
    catalog.put_attributes(
        attributes=[
            _attribute(
                key,
                [
                    NewChoice(key=v, names=known.get((key, v), {"en": v}), family=_family(key, v))
                    for v in sorted(given)
                ],
            )
            for key, given in sorted(values.items())
        ],
        actor=SYSTEM,
    )


@cache
def common_values() -> dict[tuple[str, str], dict[str, str]]:
    """Return the names of common values by attribute and value, each by locale."""
    path = Path(__file__).parent / "data" / "common_values.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    locales = data.pop("languages")
    return {
        (attribute, value): dict(zip(locales, words, strict=True))
        for attribute, values in data.items()
        for value, words in values.items()
    }


def _attribute(name: str, choices: list[NewChoice]) -> NewAttribute:
    key = _ATTRIBUTES.get(name, name)
    return NewAttribute(
        key=key, kind="choice", names={"en": key.replace("-", " ").capitalize()}, choices=choices
    )


def _family(name: str, value: str) -> str | None:
    return value if _ATTRIBUTES.get(name, name) == "colour" else None


def _category_row(row: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(row["id"], str) or not isinstance(row["names"], dict) or not row["names"]:
        raise BadLine("a category has an id and names")
    return row


def _parent(row: Mapping[str, Any], keys: set[str]) -> str | None:
    """Return the nearest parent that is there; held-back levels are skipped."""
    if row.get("parents") is not None or row["id"].startswith("off:"):
        known = [key for key in row.get("parents") or () if key in keys]
        return known[0] if known else _FOOD_ROOT if _FOOD_ROOT in keys else None
    parent = row.get("parent")
    while parent and parent not in keys:
        parent = parent.rpartition("-")[0]
    return parent or None


def _shop(row: dict[str, Any]) -> Shop:
    country, name = _text(row, "vendor_country"), _text(row, "vendor_name")
    usual = get_territory_currencies(country) if len(country) == 2 else []
    currency = usual[-1] if usual and usual[-1] in CURRENCIES else "EUR"
    reference = _text(row, "vendor_id")
    return Shop(
        name=name, slug=f"{slug(name)}-{reference.lower()}", country=country,
        language=_text(row, "lang"), currency=currency, external_ref=reference,
        legal={"name": name, "country": country},
    )  # fmt: skip


def _variant(row: Mapping[str, Any]) -> BulkVariant:
    currency = _text(row, "currency")
    if currency not in CURRENCIES:
        raise BadLine(f"unknown currency {currency}")
    return BulkVariant(
        key="one", sku=_text(row, "sku"), currency=currency,
        price_minor=_whole(row, "price_minor", low=1, high=10**14),
        stock=_whole(row, "stock", high=_MOST_STOCK), hs_code=row.get("hs_code"),
        origin_country=row.get("origin_country") or row.get("vendor_country"),
        weight_g=row.get("weight_g"),
    )  # fmt: skip


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row[name]
    if not isinstance(value, str) or not value.strip() or "\x00" in value:
        raise BadLine(f"{name} must be a text")
    return value


def _whole(row: Mapping[str, Any], name: str, *, low: int = 0, high: int) -> int:
    value = row[name]
    if type(value) is not int or not low <= value <= high:
        raise BadLine(f"{name} must be a whole number from {low} to {high}")
    return value


def _texts(row: Mapping[str, Any], name: str) -> dict[str, str]:
    value = row.get(name) or {}
    if not isinstance(value, dict):
        raise BadLine(f"{name} must map languages to texts")
    for locale, words in value.items():
        if not isinstance(words, str) or len(words) > 100 * _LONGEST_TITLE or "\x00" in words:
            raise BadLine(f"{name} in {locale} must be a text")
    return value


def _paired(titles: Mapping[str, str], bodies: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {
        locale: (title[:_LONGEST_TITLE], bodies.get(locale, ""))
        for locale, title in titles.items() if title.strip()
    }  # fmt: skip


def _known(ids: Mapping[str, int], row: Mapping[str, Any], name: str) -> int:
    found = ids.get(_text(row, name))
    if found is None:
        raise BadLine(f"{name} {row[name]} is not there")
    return found
