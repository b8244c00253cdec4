"""Commands of versions: make more of them, give them article numbers and weights."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from kernel.actor import Actor
from kernel.db import command, session
from marketplace.catalogue.products import rules
from marketplace.catalogue.products import service as catalogue
from marketplace.catalogue.products.rules import MOST_VERSIONS, Axes

__all__ = [
    "MOST_VERSIONS",
    "Axes",
]

_THERE = text(
    """
    SELECT id, sku, options FROM marketplace.variant WHERE product_id = :product_id
    ORDER BY position, id
    """
)
_NAME = text(
    """
    UPDATE marketplace.variant SET options = CAST(:options AS jsonb) WHERE id = :id
    """
)
# New versions weigh and are declared as the first one until their shop says otherwise.
_ADD = text(
    """
    INSERT INTO marketplace.variant (product_id, key, sku, options, hs_code, origin_country,
        weight_g, size_mm, hazards, position)
    SELECT v.product_id, n.key, n.sku, CAST(n.options AS jsonb), v.hs_code, v.origin_country,
        v.weight_g, v.size_mm, v.hazards, :first + n.place
    FROM marketplace.variant v, unnest(CAST(:keys AS text[]), CAST(:skus AS text[]),
        CAST(:options AS text[])) WITH ORDINALITY AS n (key, sku, options, place)
    WHERE v.id = :model RETURNING id
    """
)
_AXIS = text(
    """
    UPDATE marketplace.product SET option_key = :key WHERE id = :id AND option_key IS NULL
    """
)
_CHANGE = text(
    """
    UPDATE marketplace.variant v SET sku = n.sku, weight_g = n.weight_g
    FROM unnest(CAST(:ids AS bigint[]), CAST(:skus AS text[]), CAST(:weights AS int[]))
        AS n (id, sku, weight_g)
    WHERE v.id = n.id AND v.product_id = :product_id
    """
)


@dataclass(frozen=True, slots=True)
class Version:
    """What a shop says of one version. Units: weight_g packed grams."""

    variant_id: int
    sku: str
    weight_g: int


@command("marketplace.variants.add")
def add(*, product_id: int, vendor_id: int, axes: Axes, actor: Actor) -> list[int]:
    """Make the versions that options and values still lack; return the new variants' ids.

    Goods without versions become the first of them. Twice is once.
    Shape: axes maps an option to its values. Locks: the product. Events: ProductChanged.
    Raises: NoSuchProduct, OtherOptions, TooManyVersions.
    """
    catalogue.lock_own(product_id=product_id, vendor_id=vendor_id)
    there = session().execute(_THERE, {"product_id": product_id}).all()
    wanted = rules.combinations(axes, [row.options for row in there])
    if wanted and not there[0].options:
        named = {"id": there[0].id, "options": json.dumps(wanted.pop(0))}
        session().execute(_NAME, named)
    added = _added(there, wanted) if wanted else []
    session().execute(_AXIS, {"id": product_id, "key": next(iter(axes))})
    catalogue.touch(product_id=product_id, actor=actor)
    return added


@command("marketplace.variants.change")
def change(*, product_id: int, vendor_id: int, versions: Sequence[Version], actor: Actor) -> None:
    """Change article numbers and weights of own goods.

    Locks: the product. Events: ProductChanged. Raises: NoSuchProduct.
    """
    catalogue.lock_own(product_id=product_id, vendor_id=vendor_id)
    session().execute(
        _CHANGE,
        {
            "product_id": product_id,
            "ids": [one.variant_id for one in versions],
            "skus": [one.sku for one in versions],
            "weights": [one.weight_g for one in versions],
        },
    )
    catalogue.touch(product_id=product_id, actor=actor)


def _added(there: Sequence[Any], wanted: Sequence[dict[str, str]]) -> list[int]:
    taken = [row.sku for row in there]
    skus: list[str] = []
    for options in wanted:
        skus.append(rules.sku_of(there[0].sku, options, [*taken, *skus]))
    rows = session().execute(
        _ADD,
        {
            "model": there[0].id,
            "first": len(there),
            "skus": skus,
            "keys": [rules.key_of(options) for options in wanted],
            "options": [json.dumps(options) for options in wanted],
        },
    )
    return sorted(row.id for row in rows)


@dataclass(frozen=True, slots=True)
class Planned:
    """A version that is not there yet. Shape: key names it within its goods."""

    key: str
    options: Mapping[str, str]


def planned(axes: Axes) -> tuple[Planned, ...]:
    """Return the versions that options and values make, in their order. Raises: TooManyVersions."""
    versions = rules.combinations(axes, ()) if axes else ()
    return tuple(Planned(rules.key_of(options), options) for options in versions)


def article_number(stem: str, options: Mapping[str, str], taken: Collection[str]) -> str:
    """Return a free article number for a version, from the one of its goods."""
    return rules.sku_of(stem, options, taken)
