"""Reads catalogue files in JSON Lines; bad lines are told, the good ones come in.

Shapes: a category has id, parent (or parents), names and perhaps synonyms; a vendor vendor_id,
vendor_name, vendor_country, lang; a product id, sku, vendor_id, source_lang, category_id, title,
description, brand, model, attributes, price_minor, currency, stock, created_at.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

from babel.numbers import get_territory_currencies
from sqlalchemy import text

from kernel.actor import SYSTEM
from kernel.db import reading, session, transaction
from kernel.money import CURRENCIES
from marketplace.catalogue.products import service as catalogue
from marketplace.catalogue.products.queries import slug
from marketplace.catalogue.products.service import NewAttribute, NewCategory, NewChoice
from marketplace.catalogue.vendors import service as vendors
from marketplace.catalogue.vendors.service import Shop
from marketplace.demo.imports import fields
from marketplace.demo.imports.bulk import BulkProduct, BulkVariant
from marketplace.demo.imports.fields import BadLine, code, text_of, text_or_nothing, whole
from marketplace.demo.imports.shelving import CategoryRow, category_row, hung

# What files call colour.
_ATTRIBUTES = {"color": "colour"}
_MOST_STOCK = 10_000_000
_HEAVIEST_G = 100_000_000
_COUNTRY = "a country code of two capital letters"

Value = TypeVar("Value")


@dataclass(slots=True)
class Intake:
    """What came of one or several files. Shape: errors are `file:line: why`, in their order."""

    read: int = 0
    errors: list[str] = field(default_factory=list)

    def refuse(self, place: str, why: object) -> None:
        """Note why a line was left out."""
        self.errors.append(f"{place}: {why}")


def lines(
    path: Path, intake: Intake, parse: Callable[[dict[str, Any]], Value]
) -> Iterator[tuple[str, Value]]:
    """Yield where each line stands and what `parse` makes of it; a refused line is noted."""
    opener = gzip.open if path.suffix == ".gz" else open
    number = 0
    try:
        # Bytes: a line that is not UTF-8 must not take its neighbours along.
        with opener(path, "rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                intake.read += 1
                place = f"{path.name}:{number}"
                try:
                    value = parse(fields.row_of(line))
                except BadLine as refused:
                    intake.refuse(place, refused)
                else:
                    yield place, value
    except (EOFError, gzip.BadGzipFile, zlib.error) as damaged:
        intake.refuse(f"{path.name}:{number + 1}", f"the file is damaged from here on: {damaged}")


def import_categories(paths: list[Path], intake: Intake) -> int:
    """Put up the categories of some files; return how many."""
    seen: set[str] = set()

    def once(row: dict[str, Any]) -> CategoryRow:
        category = category_row(row)
        if category.key in seen:
            raise BadLine(f"{category.key} was in an earlier line")
        seen.add(category.key)
        return category

    placed = {row.key: (place, row) for path in paths for place, row in lines(path, intake, once)}
    parents, looped = hung({key: row for key, (_, row) in placed.items()})
    for key in looped:
        intake.refuse(placed[key][0], f"{key} stands above itself")
    categories = [
        NewCategory(
            key=key, parent_key=parent, names=placed[key][1].names, synonyms=placed[key][1].synonyms
        )
        for key, parent in parents.items()
    ]
    if categories:
        catalogue.put_categories(categories=categories, actor=SYSTEM)
    return len(categories)


def import_vendors(path: Path, intake: Intake) -> int:
    """Open the shops of a file, or bring them up to date; return how many."""
    with reading():
        rows = session().execute(text("SELECT slug, external_ref FROM marketplace.vendor"))
        keepers: dict[str, str | None] = {row[0]: row[1] for row in rows}

    def alone(row: dict[str, Any]) -> Shop:
        shop = shop_of(row)
        if keepers.setdefault(shop.slug, shop.external_ref) != shop.external_ref:
            raise BadLine(f"another shop stands at the address {shop.slug}")
        return shop

    shops = [shop for _, shop in lines(path, intake, alone)]
    with transaction(name="marketplace.demo.import_vendors", actor=SYSTEM):
        for shop in shops:
            vendors.open_shop(shop=shop, actor=SYSTEM)
    return len(shops)


def import_attributes(path: Path, intake: Intake) -> None:
    """Put up the attribute values of a JSON file: attribute → value → names by language."""
    try:
        data = fields.row_of(path.read_bytes())
    except BadLine as refused:
        intake.refuse(path.name, refused)
        return
    attributes = []
    for name, values in data.items():
        if not isinstance(values, dict):
            continue  # remarks, such as the list of languages
        choices = []
        for key in values:
            try:
                choices.append(_choice(name, key, values))
            except BadLine as refused:
                intake.refuse(path.name, f"{name!a}: {refused}")
        attributes.append(_attribute(name, choices))
    catalogue.put_attributes(attributes=[a for a in attributes if a.choices], actor=SYSTEM)


def _choice(name: str, key: str, values: Mapping[str, Any]) -> NewChoice:
    for word in (name, key):
        fields.cleaned(word, f"{word[:20]!a}", longest=fields.LONGEST_KEY)
    names = fields.texts(values, key, longest=fields.LONGEST_KEY, breaks=False)
    return NewChoice(key=key, names=names, family=_family(name, key))


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
        for _, product in lines(self._path, self._intake, self.product_of):
            for key, values in product.attributes.items():
                self.values.setdefault(key, set()).update(str(value) for value in values)
            yield product

    def product_of(self, row: dict[str, Any]) -> BulkProduct:
        """Return the product a line is about. Raises: BadLine."""
        external_ref = text_of(row, "id")
        if external_ref in self._seen:
            raise BadLine(f"{external_ref} was in an earlier line")
        titles, source = fields.texts(row, "title"), text_of(row, "source_lang")
        if not titles.get(source, "").strip():
            raise BadLine(f"no title in source_lang {source}")
        product = BulkProduct(
            external_ref=external_ref,
            vendor_id=_known(self._vendors, row, "vendor_id"),
            category_id=self._category(row),
            source_locale=source,
            texts=_paired(titles, fields.texts(row, "description")),
            variants=[_variant(row)],
            listed_at=fields.instant(row, "created_at"),
            brand=text_or_nothing(row, "brand"),
            model=text_or_nothing(row, "model"),
            attributes=_attributes(row),
        )
        self._seen.add(external_ref)
        return product

    def _category(self, row: Mapping[str, Any]) -> int:
        """Return the category, or the nearest one above it that is there.

        Goods on a shelf too wide are found; goods refused for a missing shelf are lost.
        """
        path = fields.keys(row.get("category_path"), "category_path")
        for key in [row.get("category_id"), *reversed(path)]:
            if isinstance(key, str) and key in self._categories:
                return self._categories[key]
        return _known(self._categories, row, "category_id")


def put_seen_values(values: Mapping[str, set[str]]) -> None:
    """Put up the attribute values that products brought along and nobody named yet.

    A value everybody knows by a word gets that word in every language we have it in, so that a
    search for “grün” finds what a file calls `green`.
    """
    known = common_values()
    catalogue.put_attributes(
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


def shop_of(row: dict[str, Any]) -> Shop:
    """Return the shop a line is about. Raises: BadLine."""
    country, name = _country(row, "vendor_country"), text_of(row, "vendor_name")
    if country is None:
        raise BadLine("vendor_country is missing")
    usual = get_territory_currencies(country)
    currency = usual[-1] if usual and usual[-1] in CURRENCIES else "EUR"
    reference = text_of(row, "vendor_id")
    return Shop(
        name=name,
        slug=f"{slug(name)}-{reference.lower()}",
        country=country,
        language=fields.locale_of(fields.needed(row, "lang"), "lang"),
        currency=currency,
        external_ref=reference,
        legal={"name": name, "country": country},
    )


def _variant(row: Mapping[str, Any]) -> BulkVariant:
    currency = text_of(row, "currency")
    if currency not in CURRENCIES:
        raise BadLine(f"unknown currency {currency}")
    heavy = row.get("weight_g") is not None
    return BulkVariant(
        key="one",
        sku=text_of(row, "sku"),
        currency=currency,
        price_minor=whole(row, "price_minor", low=1, high=10**14),
        stock=whole(row, "stock", high=_MOST_STOCK),
        hs_code=code(row, "hs_code", fields.HS_CODE, "six to twelve digits in a text"),
        origin_country=_country(row, "origin_country") or _country(row, "vendor_country"),
        weight_g=whole(row, "weight_g", low=1, high=_HEAVIEST_G) if heavy else None,
    )


def _country(row: Mapping[str, Any], name: str) -> str | None:
    return code(row, name, fields.COUNTRY, _COUNTRY)


def _attributes(row: Mapping[str, Any]) -> dict[str, list[str]]:
    attributes = {}
    for name, value in fields.mapping(row, "attributes", "names to values").items():
        key = fields.cleaned(name, "a name of attributes", longest=fields.LONGEST_KEY)
        is_number = type(value) is int or (type(value) is float and isfinite(value))
        words = str(value) if is_number else value
        attributes[_ATTRIBUTES.get(key, key)] = [
            fields.cleaned(words, f"attributes.{key}", longest=fields.LONGEST_KEY)
        ]
    return attributes


def _paired(titles: Mapping[str, str], bodies: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {
        locale: (title[: fields.LONGEST_TITLE], bodies.get(locale, ""))
        for locale, title in titles.items()
        if title.strip()
    }


def _known(ids: Mapping[str, int], row: Mapping[str, Any], name: str) -> int:
    number = ids.get(text_of(row, name))
    if number is None:
        raise BadLine(f"{name} {row[name]} is not there")
    return number
