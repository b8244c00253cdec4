"""What the editor of one product shows: its parts, how complete they are, and what they may say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kernel.actor import Actor
from kernel.text import N_
from marketplace.borders.duties import queries as duties
from marketplace.catalogue.products import drafts, revisions
from marketplace.catalogue.products import queries as catalogue
from marketplace.catalogue.products.drafts import DraftView
from marketplace.catalogue.products.queries import AttributeView, CategoryView
from marketplace.catalogue.products.revisions import History
from marketplace.catalogue.translating import queries as translating
from marketplace.catalogue.translating.queries import Kind, Translated
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.selling.listings import landed
from marketplace.selling.listings.landed import Door, Goods
from marketplace.selling.listings.queries import Listing, listing_for


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the editor. Shape: key is its anchor; words a marked sentence; done of all."""

    key: str
    words: str
    done: int
    all: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing there."""
        return self.done >= self.all


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """One product in the editor.

    Shape: lines are its versions; draft holds words that are not published; beside is the second
    language of the form, unwritten those without a text, translated those in which buyers read a
    machine's words, said what these are in the language beside; shelves are every shelf with its
    way there; asked are the properties of goods on its shelf; hs_words say what its customs code
    means, None for a code of no edition known.
    """

    vendor: VendorView
    lines: tuple[Listing, ...]
    draft: DraftView | None
    words_version: int
    beside: str
    unwritten: tuple[str, ...]
    translated: Collection[str]
    said: Mapping[Kind, Translated]
    shelf: CategoryView
    shelves: Sequence[tuple[str, str]]
    asked: Sequence[AttributeView]
    options: Mapping[str, AttributeView]
    hs_words: tuple[str, str, str] | None
    doors: tuple[Door, ...]
    history: History
    sections: tuple[Section, ...]

    @property
    def first(self) -> Listing:
        """The version that stands for the product."""
        return self.lines[0]


def editor_for(
    actor: Actor,
    ref: str,
    *,
    locale: str,
    offered: tuple[str, ...],
    beside: str = "",
    countries: Sequence[str] = (),
    before: int = 0,
) -> Editor:
    """Return the editor of one product of the actor's shop. Raises: NotAVendor, NoSuchProduct."""
    vendor, lines = listing_for(actor, ref, locale=locale, offered=offered)
    first = lines[0]
    unwritten = tuple(code for code in offered if code not in first.texts)
    shelf = catalogue.categories([first.category_id])[first.category_id]
    asked = catalogue.attributes_on(first.category_id)
    other = second_language(beside, vendor.language, unwritten, offered)
    translated = translating.of_product(first.product_id)
    return Editor(
        vendor=vendor,
        lines=lines,
        draft=drafts.draft(vendor_id=vendor.id, ref=ref),
        words_version=revisions.words_version(product_id=first.product_id),
        beside=other,
        unwritten=unwritten,
        translated=translated.keys(),
        said=translated.get(other, {}) if other in unwritten else {},
        shelf=shelf,
        shelves=shelves(locale),
        asked=asked,
        options=options_of(lines),
        hs_words=duties.hs_path(code=first.hs_code) if first.hs_code else None,
        doors=landed.at_doors(goods_of(first), vendor, landed.chosen(countries, vendor)),
        history=revisions.history(product_id=first.product_id, vendor_id=vendor.id, before=before),
        sections=sections(lines, asked, offered),
    )


def second_language(wanted: str, own: str, unwritten: Sequence[str], offered: Sequence[str]) -> str:
    """Return the language beside the shop's own: the one asked for, English, one not written."""
    if wanted in offered and wanted != own:
        return wanted
    return "en" if own != "en" else next(iter(unwritten), "fr")


def shelves(locale: str) -> list[tuple[str, str]]:
    """Return key and way of every shelf that goods hang on, in the order of the tree."""
    leaves = catalogue.leaves(most=400)
    above = catalogue.categories({key for leaf in leaves for key in leaf.path})
    return [(leaf.key, " › ".join(above[key].name(locale) for key in leaf.path)) for leaf in leaves]


def options_of(lines: Sequence[Listing]) -> dict[str, AttributeView]:
    """Return what versions may differ by: what these differ by already, else colour and size."""
    known = catalogue.attributes()
    used = {key for line in lines for key in line.options} or {"colour", "size"}
    return {key: view for key, view in known.items() if key in used and view.kind == "choice"}


def goods_of(line: Listing) -> Goods:
    """Return what decides on the price at a door."""
    return Goods(
        offer_id=line.offer_id,
        version=line.version,
        price=line.price,
        own_prices=line.own_prices,
        hs_code=line.hs_code,
        origin_country=line.origin_country,
        weight_g=line.weight_g,
        hazards=line.hazards or (),
        lead_time_days=line.lead_time_days,
        is_named=bool(line.responsible),
    )


def sections(
    lines: Sequence[Listing], asked: Sequence[AttributeView], offered: Sequence[str]
) -> tuple[Section, ...]:
    """Return the parts of the editor, each with what of it is there."""
    first = lines[0]
    versions = Section(
        "versions", N_("Versions and prices"), sum(line.is_listed for line in lines), len(lines)
    )
    if not first.is_own:
        return (versions,)
    known = (first.hs_code, first.origin_country, first.size_mm, first.hazards is not None)
    named = [one for one in first.pictures if one["alt"]]
    return (
        Section("words", N_("Description"), first.languages[0], len(offered)),
        Section(
            "shelf",
            N_("Category and details"),
            1 + sum(view.key in first.attributes for view in asked),
            1 + len(asked),
        ),
        versions,
        Section("customs", N_("Customs details"), sum(1 for fact in known if fact), len(known)),
        Section("pictures", N_("Pictures"), len(named), max(1, len(first.pictures))),
    )
