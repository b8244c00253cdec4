"""Reads what a vendor types about goods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage, MultiDict

from kernel.money import Money
from kernel.text import N_
from kernel.web import Reader
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.gallery.service import Hung
from marketplace.listings.uploads import FIELD, Kept, dropped_of, lines_of, read_uploads
from marketplace.vendors.queries import VendorView

NEEDS_HS = N_("A customs code has six to twelve digits, like 691200.")
LONGEST_TEXT = 4000
MOST_STOCK = 1_000_000
HEAVIEST_G = 70_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What carriers and customs must know. Units: weight_g packed grams."""

    hs_code: str
    origin_country: str
    weight_g: int


@dataclass(frozen=True, slots=True)
class NewListing:
    """A product with one form, one offer and its pictures. Shape: texts as in the catalogue."""

    texts: Mapping[str, tuple[str, str]]
    source_locale: str
    category_key: str
    brand: str
    sku: str
    facts: Facts
    price: Money
    stock: int
    pictures: tuple[Kept, ...]

    @classmethod
    def parse(
        cls, form: MultiDict[str, str], files: MultiDict[str, FileStorage], vendor: VendorView
    ) -> NewListing:
        """Read the form with its uploads. Raises: Invalid."""
        reader, uploads = Reader(form), read_uploads(form, files)
        listing = cls(
            texts=read_texts(reader, vendor.language), source_locale=vendor.language,
            category_key=reader.text("category", most=80),
            brand=reader.text("brand", most=80, optional=True),
            sku=reader.text("sku", most=40), facts=read_facts(reader),
            price=reader.money("price", vendor.currency),
            stock=reader.integer("stock", low=0, high=MOST_STOCK), pictures=uploads.kept,
        )  # fmt: skip
        if uploads.refused:
            reader.complaints.setdefault(FIELD, uploads.complaint)
        reader.done()
        return listing


def read_texts(reader: Reader, language: str) -> dict[str, tuple[str, str]]:
    """Read the vendor's own language and, when given, English."""
    texts = {
        language: (
            reader.text("title", most=200),
            reader.text("description", most=LONGEST_TEXT, is_long=True),
        )
    }  # fmt: skip
    if language != "en" and reader.raw("title_en"):
        texts["en"] = (
            reader.text("title_en", most=200),
            reader.text("description_en", most=LONGEST_TEXT, optional=True, is_long=True),
        )
    return texts


def read_facts(reader: Reader) -> Facts:
    """Read customs code, origin and weight."""
    code = "".join(sign for sign in reader.raw("hs_code") if sign not in " .-")
    if not (code.isascii() and code.isdigit() and 6 <= len(code) <= 12):
        reader.complain("hs_code", NEEDS_HS)
    origin = reader.raw("origin_country").upper()
    if not (len(origin) == 2 and origin.isascii() and origin.isalpha()):
        reader.complain("origin_country", N_("Choose one of the options."))
    return Facts(code, origin, reader.integer("weight_g", low=1, high=HEAVIEST_G))


@dataclass(frozen=True, slots=True)
class Wall:
    """How a shop wants the pictures of its goods. Shape: hung in order, removed by id."""

    hung: tuple[Hung, ...]
    removed: tuple[int, ...]
    added: tuple[Kept, ...]

    @classmethod
    def parse(cls, form: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> Wall:
        """Read the form with its uploads. Raises: Invalid, naming every refused file."""
        uploads = read_uploads(form, files)
        uploads.check()
        hung = [
            Hung(int(line.name), line.alt, int(line.form) if line.form.isdecimal() else None)
            for line in lines_of(form, "hung")
            if line.name.isdecimal()
        ]
        removed = [int(key) for key in dropped_of(form, "hung") if key.isdecimal()]
        return cls(tuple(hung), tuple(removed), uploads.kept)


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """Price, stock, lead time and status of one offer. Units: days, pieces."""

    price: Money
    stock: int
    lead_time_days: int
    is_listed: bool
    expected_version: int

    @classmethod
    def parse(cls, form: Mapping[str, str], currency: str) -> OfferTerms:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        terms = cls(
            reader.money("price", currency), reader.integer("stock", low=0, high=MOST_STOCK),
            reader.integer("lead_time_days", low=0, high=60), reader.flag("is_listed"),
            reader.integer("version", low=1, high=2**62),
        )  # fmt: skip
        reader.done()
        return terms


@dataclass(frozen=True, slots=True)
class Wording:
    """Texts and facts of a product that is listed already."""

    texts: Mapping[str, tuple[str, str]]
    facts: Facts

    @classmethod
    def parse(cls, form: Mapping[str, str], language: str) -> Wording:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        wording = cls(read_texts(reader, language), read_facts(reader))
        reader.done()
        return wording


ORIGINS = tuple(sorted({*COUNTRY_CURRENCY, "IN", "MX", "TR", "TH", "VN", "ID", "MA", "EG", "ZA",
                        "LK", "NP", "PE", "CO", "KE", "ET", "IR", "SA", "IL", "NO", "NZ", "HK",
                        "TW", "PH", "MY", "PK", "BD", "UA", "RS", "AR", "CL"}))  # fmt: skip
