"""The form for goods that are not listed yet: its versions, what of it is there, what it says."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage, MultiDict

from kernel.money import Money
from kernel.text import N_, Message
from kernel.web import Reader
from marketplace.catalogue.products import drafts
from marketplace.catalogue.products import queries as catalogue
from marketplace.catalogue.products import variants as versions
from marketplace.catalogue.products.errors import TooManyVersions
from marketplace.catalogue.products.queries import AttributeView
from marketplace.catalogue.products.variants import Planned
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.selling.listings.editor import Section, options_of
from marketplace.selling.listings.forms import (
    HEAVIEST_G,
    MOST_OPTIONS,
    MOST_STOCK,
    NEEDS_AXES,
    SIDES,
    Facts,
    complain_of_twins,
    read_attributes,
    read_facts,
    read_latin,
    read_texts,
    ticked_axes,
)
from marketplace.selling.listings.safety import Safety, read_safety
from marketplace.selling.listings.uploads import FIELD, Kept, read_uploads

# What is said of each version. An empty cell says what the field of that name above it does.
COLUMNS = ("sku", "price", "stock", "weight_g")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """One version of new goods. Units: packed grams, pieces. Shape: one alone has no options."""

    key: str
    options: Mapping[str, str]
    sku: str
    weight_g: int
    price: Money
    stock: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewListing:
    """A product with its properties, its versions with an offer each, and its pictures.

    Shape: texts and attributes as in the catalogue; draft_ref names the draft that it was written
    as, which makes it listed once however often it is sent, None without one.
    """

    texts: Mapping[str, tuple[str, str]]
    source_locale: str
    category_key: str
    brand: str
    brand_latin: str
    attributes: Mapping[str, Sequence[str | int]]
    facts: Facts
    safety: Safety
    versions: tuple[NewVersion, ...]
    pictures: tuple[Kept, ...]
    draft_ref: str | None

    @classmethod
    def parse(
        cls, form: MultiDict[str, str], files: MultiDict[str, FileStorage], vendor: VendorView
    ) -> NewListing:
        """Read the form with its uploads. Raises: Invalid."""
        reader, uploads = Reader(form), read_uploads(form, files)
        draft_ref = reader.raw("draft")
        listing = cls(
            texts=read_texts(reader, vendor.language),
            source_locale=vendor.language,
            category_key=reader.text("category", most=80),
            brand=reader.text("brand", most=100, optional=True),
            brand_latin=read_latin(reader),
            attributes=read_attributes(reader, form, asked_on(reader.raw("category"))),
            versions=tuple(_read_versions(reader, form, vendor.currency)),
            facts=read_facts(reader),
            safety=read_safety(reader, form, vendor.language).over({}),
            pictures=uploads.kept,
            draft_ref=draft_ref if drafts.is_ref(draft_ref) else None,
        )
        if uploads.refused:
            reader.complaints.setdefault(FIELD, uploads.complaint)
        reader.done()
        return listing


def asked_on(category_key: str) -> Sequence[AttributeView]:
    """Return the properties that goods on a shelf are described by, none without a shelf."""
    shelf = catalogue.categories_by_key([category_key]).get(category_key) if category_key else None
    return catalogue.attributes_on(shelf.id) if shelf else ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The versions that ticked values make. Shape: complaint says why there are none."""

    versions: tuple[Planned, ...]
    complaint: Message | None = None


def plan_of(form: MultiDict[str, str]) -> Plan:
    """Return the versions of a form as it was typed so far."""
    axes = ticked_axes(form, options_of(()))
    if len(axes) > MOST_OPTIONS:
        return Plan((), Message(NEEDS_AXES))
    try:
        return Plan(versions.planned(axes))
    except TooManyVersions as many:
        return Plan((), many.sentence)


def sections(
    form: MultiDict[str, str],
    *,
    asked: Collection[AttributeView],
    plan: Plan,
    kept: Collection[Kept],
    offered: Collection[str],
    language: str,
) -> tuple[Section, ...]:
    """Return the parts of the form as typed so far, each with what of it is there."""
    titles = {language: "title"} | {code: f"title_{code}" for code in offered if code != language}
    facts = ("hs_code", "origin_country", "battery")
    rows: list[Planned | None] = [row for row in plan.versions if f"drop-{row.key}" not in form]
    rows = rows or [None]
    has_size = all(form.get(side) for side in SIDES)
    return (
        Section(
            "words",
            N_("Description"),
            sum(bool(form.get(name)) for name in titles.values()),
            len(titles),
        ),
        Section(
            "shelf",
            N_("Category and details"),
            bool(form.get("category")) + sum(bool(form.get(f"a-{one.key}")) for one in asked),
            1 + len(asked),
        ),
        Section(
            "versions",
            N_("Versions and prices"),
            sum(_is_whole(form, row) for row in rows),
            len(rows),
        ),
        Section(
            "customs",
            N_("Customs details"),
            sum(bool(form.get(name)) for name in facts) + has_size,
            len(facts) + 1,
        ),
        Section("pictures", N_("Pictures"), sum(bool(one.alt) for one in kept), max(1, len(kept))),
    )


def _is_whole(form: MultiDict[str, str], row: Planned | None) -> bool:
    tail = f"-{row.key}" if row else ""
    return all(form.get(f"{column}{tail}") or form.get(column) for column in COLUMNS)


def _read_versions(
    reader: Reader, form: MultiDict[str, str], currency: str
) -> Iterator[NewVersion]:
    """Read what stands for every version, then each version that is not left out."""
    every = NewVersion(
        key="one",
        options={},
        sku=reader.text("sku", most=40),
        weight_g=reader.integer("weight_g", low=1, high=HEAVIEST_G),
        price=reader.money("price", currency),
        stock=reader.integer("stock", low=0, high=MOST_STOCK),
    )
    plan = plan_of(form)
    rows = [row for row in plan.versions if not reader.flag(f"drop-{row.key}")]
    if plan.complaint is not None:
        reader.complaints.setdefault("values", plan.complaint)
    elif plan.versions and not rows:
        reader.complain("values", N_("Keep at least one version, or clear all values."))
    elif not rows:
        yield every
    complain_of_twins(reader, [f"sku-{row.key}" for row in rows])
    taken = {reader.raw(f"sku-{row.key}") for row in rows} - {""}
    for row in rows:
        version = _read_version(reader, row, every, taken)
        taken.add(version.sku)
        yield version


def _read_version(
    reader: Reader, row: Planned, every: NewVersion, taken: Collection[str]
) -> NewVersion:
    sku, price, stock, weight_g = (f"{column}-{row.key}" for column in COLUMNS)
    is_given = {name: bool(reader.raw(name)) for name in (sku, price, stock, weight_g)}
    return NewVersion(
        key=row.key,
        options=row.options,
        sku=reader.text(sku, most=40)
        if is_given[sku]
        else versions.article_number(every.sku, row.options, taken),
        price=reader.money(price, every.price.currency) if is_given[price] else every.price,
        stock=reader.integer(stock, low=0, high=MOST_STOCK) if is_given[stock] else every.stock,
        weight_g=reader.integer(weight_g, low=1, high=HEAVIEST_G)
        if is_given[weight_g]
        else every.weight_g,
    )
