"""Takes catalogue files in, in the order in which they need one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kernel import memory
from kernel.actor import SYSTEM
from marketplace.demo.imports import bulk, intake
from marketplace.demo.imports.intake import Intake, Products
from search import api as search


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import. Units: rows and lines; changed counts products."""

    categories: int
    vendors: int
    products: int
    changed: int
    indexed: int
    errors: tuple[str, ...]


def import_files(
    *,
    categories: Sequence[Path] = (),
    vendors: Path | None = None,
    attributes: Path | None = None,
    products: Path | None = None,
    index: bool = True,
) -> Imported:
    """Import what is given; lines that cannot be taken are told and left out."""
    about_categories, about_vendors, about_products = Intake(), Intake(), Intake()
    about_attributes = Intake()
    categories_in = intake.import_categories(list(categories), about_categories)
    vendors_in = intake.import_vendors(vendors, about_vendors) if vendors else 0
    if attributes:
        intake.import_attributes(attributes, about_attributes)
    changed = 0
    if products:
        rows = Products(products, about_products)
        changed = bulk.load(products=rows, actor=SYSTEM)
        intake.put_seen_values(rows.values)
    memory.forget_everything()
    # Few changes travel as events; after many, or new names for everything, all is indexed anew.
    whole = bulk.is_large(changed) or bool(categories_in)
    indexed = search.rebuild() if index and whole else 0
    intakes = (about_categories, about_vendors, about_attributes, about_products)
    errors = tuple(error for about in intakes for error in about.errors)
    return Imported(categories_in, vendors_in, about_products.read, changed, indexed, errors)
