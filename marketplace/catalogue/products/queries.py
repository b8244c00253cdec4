"""Reads of categories and attributes; both change rarely and are kept a while in the process."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text

from kernel.db import session
from kernel.memory import Memory
from kernel.web.formats import format_unit
from marketplace.catalogue.products.errors import NoSuchCategory
from marketplace.catalogue.products.rules import (
    HAZARD_WORDS,
    UN_NUMBER,
    UNITS,
    Hazard,
    best_locale,
    completeness,
    hazard_message,
    in_language,
    number,
    slug,
)

# What other rooms read of this one's rules.
__all__ = [
    "HAZARD_WORDS",
    "UN_NUMBER",
    "Hazard",
    "best_locale",
    "completeness",
    "hazard_message",
    "in_language",
    "slug",
]

# With what stands above each: whoever asks for a shelf asks for the way to it next.
_CATEGORIES = text(
    """
    SELECT id, key, parent_id, path, names FROM marketplace.category
    WHERE id = ANY(CAST(:ids AS bigint[])) OR id IN (
        SELECT unnest(path) FROM marketplace.category WHERE id = ANY(CAST(:ids AS bigint[])))
    """
)
_BY_KEYS = text(
    "SELECT id, key, parent_id, path, names FROM marketplace.category"
    " WHERE key = ANY(CAST(:keys AS text[]))"
)
_CHILDREN = text(
    """
    SELECT id, key, parent_id, path, names FROM marketplace.category
    WHERE parent_id IS NOT DISTINCT FROM CAST(:id AS bigint) ORDER BY position, id
    """
)
_LEAVES = text(
    """
    SELECT id, key, parent_id, path, names FROM marketplace.category c
    WHERE NOT EXISTS (SELECT 1 FROM marketplace.category d WHERE d.parent_id = c.id)
    ORDER BY path LIMIT :most
    """
)
_ATTRIBUTES = text(
    """
    SELECT a.key, a.kind, a.unit, a.names, a.position, (
        SELECT jsonb_agg(jsonb_build_object('key', v.key, 'names', v.names, 'hex', v.hex,
            'family', v.family) ORDER BY v.position, v.key)
        FROM marketplace.attribute_value v WHERE v.attribute_key = a.key) AS choices
    FROM marketplace.attribute a ORDER BY a.position, a.key
    """
)
# The newest goods of a shelf tell what others there are described by.
_DESCRIBED_BY = text(
    """
    SELECT DISTINCT jsonb_object_keys(attributes) AS key FROM (
        SELECT attributes FROM marketplace.product WHERE category_id = :id
        ORDER BY id DESC LIMIT 200) p
    """
)
_BRANDS = text(
    "SELECT DISTINCT ON (brand) brand, brand_latin FROM marketplace.product"
    " WHERE brand = ANY(CAST(:brands AS text[])) AND brand_latin <> '' ORDER BY brand, id"
)


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category. Shape: path from the root to itself, names by locale."""

    id: int
    key: str
    parent_id: int | None
    path: tuple[int, ...]
    names: Mapping[str, str]

    def name(self, locale: str) -> str:
        """Return its name for a reader."""
        return in_language(self.names, locale) or self.key


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """One value of an attribute."""

    key: str
    names: Mapping[str, str]
    hex: str | None
    family: str | None

    def name(self, locale: str) -> str:
        """Return its name for a reader."""
        return in_language(self.names, locale) or self.key


@dataclass(frozen=True, slots=True)
class AttributeView:
    """An attribute with its values by key."""

    key: str
    kind: str
    unit: str | None
    names: Mapping[str, str]
    values: Mapping[str, ChoiceView]

    def name(self, locale: str) -> str:
        """Return its name for a reader."""
        return in_language(self.names, locale) or self.key

    def value(self, value: object, locale: str) -> str:
        """Return a value in words; numbers carry their unit as the language writes it."""
        if self.kind == "number":
            unit, figure = UNITS.get(self.unit or ""), number(value)
            return format_unit(figure, unit, locale) if unit and figure is not None else str(value)
        choice = self.values.get(str(value))
        return choice.name(locale) if choice else str(value)


_by_id: Memory[int, CategoryView] = Memory(seconds=60, most=20_000)
_ids_by_key: Memory[str, int] = Memory(seconds=60, most=20_000)
_children: Memory[int, tuple[CategoryView, ...]] = Memory(seconds=60, most=5_000)
_readings: Memory[str, str] = Memory(seconds=60, most=5_000)
_attributes: Memory[str, dict[str, AttributeView]] = Memory(seconds=60, most=1)


def categories(ids: Collection[int]) -> dict[int, CategoryView]:
    """Return categories by id."""
    views = _by_id.of(ids)
    missing = [key for key in ids if key not in views]
    if missing:
        found = _kept(session().execute(_CATEGORIES, {"ids": missing}))
        views |= {key: found[key] for key in missing if key in found}
    return views


def categories_by_key(keys: Collection[str]) -> dict[str, CategoryView]:
    """Return categories by key."""
    ids = _ids_by_key.of(keys)
    known = {view.key: view for view in _by_id.of(ids.values()).values()}
    missing = [key for key in keys if key not in known]
    if missing:
        fresh = _kept(session().execute(_BY_KEYS, {"keys": missing}))
        known |= {view.key: view for view in fresh.values()}
    return known


def category(key: str) -> CategoryView:
    """Return one category. Raises: NoSuchCategory."""
    view = categories_by_key([key]).get(key)
    if view is None:
        raise NoSuchCategory
    return view


def children(category_id: int | None) -> tuple[CategoryView, ...]:
    """Return the categories right below one, or the roots, in the order of the shelf plan."""
    slot = category_id or 0
    known = _children.get(slot)
    if known is None:
        rows = session().execute(_CHILDREN, {"id": category_id})
        known = tuple(_kept(rows).values())
        _children.keep({slot: known})
    return known


def leaves(*, most: int = 2000) -> list[CategoryView]:
    """Return the categories that goods hang on, in tree order, for the listing form."""
    return [_view(row) for row in session().execute(_LEAVES, {"most": most})]


def attributes() -> dict[str, AttributeView]:
    """Return every attribute by key."""
    known = _attributes.get("all")
    if known is None:
        known = {row.key: _attribute(row) for row in session().execute(_ATTRIBUTES)}
        _attributes.keep({"all": known})
    return known


def attributes_on(category_id: int) -> list[AttributeView]:
    """Return the properties that goods on a shelf are described by, all of them on a bare one."""
    used = set(session().execute(_DESCRIBED_BY, {"id": category_id}).scalars())
    known = attributes()
    return [view for key, view in known.items() if key in used] or list(known.values())


def brand_readings(brands: Collection[str]) -> dict[str, str]:
    """Return how brands read in Latin letters; those that nobody spelled so are left out."""
    known = _readings.of(brands)
    missing = [brand for brand in brands if brand not in known]
    if missing:
        fresh = {
            row.brand: row.brand_latin for row in session().execute(_BRANDS, {"brands": missing})
        }
        _readings.keep({brand: fresh.get(brand, "") for brand in missing})
        known |= fresh
    return {brand: latin for brand, latin in known.items() if latin}


def colour_of(options: Mapping[str, str], own: str | None) -> str | None:
    """Return a form's shade: its own, else the common one of its colour, else None."""
    if own:
        return own
    known = attributes()
    for key, value in options.items():
        choice = known[key].values.get(value) if key in known else None
        if choice is not None and choice.hex:
            return choice.hex
    return None


def forget() -> None:
    """Drop what this process remembers; seeds and imports call it after they wrote."""
    for memory in (_by_id, _ids_by_key, _children, _attributes, _readings):
        memory.forget()


def _kept(rows: Iterable[Row[Any]]) -> dict[int, CategoryView]:
    views = {row.id: _view(row) for row in rows}
    _by_id.keep(views)
    _ids_by_key.keep({view.key: view.id for view in views.values()})
    return views


def _view(row: Row[Any]) -> CategoryView:
    return CategoryView(row.id, row.key, row.parent_id, tuple(row.path), row.names)


def _attribute(row: Row[Any]) -> AttributeView:
    values = {
        c["key"]: ChoiceView(c["key"], c["names"], c["hex"], c["family"]) for c in row.choices or ()
    }
    return AttributeView(row.key, row.kind, row.unit, row.names, values)
