"""Reads what a vendor types about goods."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage, MultiDict

from kernel.text import N_
from kernel.web import Reader
from kernel.web.arguments import row_number_or_none
from kernel.web.preferences import COUNTRY_CURRENCY, LANGUAGES
from kernel.web.scripts import is_latin
from marketplace.catalogue.pictures.gallery import Hung
from marketplace.catalogue.products.queries import AttributeView
from marketplace.selling.listings.hazards import read_hazards
from marketplace.selling.listings.uploads import Kept, dropped_of, lines_of, read_uploads

NEEDS_HS = N_("Customs codes have six to twelve digits, like 691200.")
NEEDS_AXES = N_("Choose values for one option or two.")
LONGEST_TEXT = 4000
MOST_STOCK = 1_000_000
MOST_OPTIONS = 2
HEAVIEST_G = 70_000
LONGEST_MM = 3_000
LARGEST_NUMBER = 1_000_000
SIDES = ("length_mm", "width_mm", "height_mm")


@dataclass(frozen=True, slots=True)
class Facts:
    """What customs and carriers must know, and how large the packed piece is.

    Units: millimetres. Shape: hazards as in the catalogue.
    """

    hs_code: str
    origin_country: str
    size_mm: tuple[int, int, int] | None
    hazards: tuple[str, ...]

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Facts:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        facts = read_facts(reader)
        reader.done()
        return facts


def read_texts(reader: Reader, language: str) -> dict[str, tuple[str, str]]:
    """Read the vendor's own language, and every other one that the form gives a title in."""
    texts = {
        language: (
            reader.text("title", most=200),
            reader.text("description", most=LONGEST_TEXT, is_long=True),
        )
    }
    for locale in LANGUAGES.values():
        title, body = f"title_{locale}", f"description_{locale}"
        if locale == language or not (reader.raw(title) or reader.raw(body)):
            continue
        texts[locale] = (
            reader.text(title, most=200),
            reader.text(body, most=LONGEST_TEXT, optional=True, is_long=True),
        )
    return texts


def read_facts(reader: Reader) -> Facts:
    """Read customs code, origin, hazards, and the size, which may be left out as a whole."""
    code = "".join(sign for sign in reader.raw("hs_code") if sign not in " .-")
    if not (code.isascii() and code.isdigit() and 6 <= len(code) <= 12):
        reader.complain("hs_code", NEEDS_HS)
    origin = reader.raw("origin_country").upper()
    if not (len(origin) == 2 and origin.isascii() and origin.isalpha()):
        reader.complain("origin_country", N_("Choose one of the options."))
    return Facts(code, origin, _read_size(reader), read_hazards(reader))


def _read_size(reader: Reader) -> tuple[int, int, int] | None:
    if not any(reader.raw(side) for side in SIDES):
        return None
    length, width, height = (reader.integer(side, low=1, high=LONGEST_MM) for side in SIDES)
    return (length, width, height)


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
            Hung(picture_id, line.alt, row_number_or_none(line.form))
            for line in lines_of(form, "hung")
            if (picture_id := row_number_or_none(line.name)) is not None
        ]
        hung = _moved(hung, form.get("move", ""))
        dropped = (row_number_or_none(key) for key in dropped_of(form, "hung"))
        removed = tuple(key for key in dropped if key is not None)
        return cls(tuple(hung), removed, uploads.kept)


def _moved(hung: list[Hung], wish: str) -> list[Hung]:
    """Return the pictures with one of them a place earlier or later. Shape: wish is `id -1`."""
    name, _, step = wish.partition(" ")
    at = next((n for n, one in enumerate(hung) if str(one.picture_id) == name), None)
    if at is None or step not in {"-1", "1"}:
        return hung
    rest = hung[:at] + hung[at + 1 :]
    place = max(0, at + int(step))
    return [*rest[:place], hung[at], *rest[place:]]


@dataclass(frozen=True, slots=True)
class Wording:
    """Texts of listed goods. Shape: seen_version is that of the words when the form was opened."""

    texts: Mapping[str, tuple[str, str]]
    seen_version: int

    @classmethod
    def parse(cls, form: Mapping[str, str], language: str) -> Wording:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        wording = cls(
            read_texts(reader, language), reader.integer("words_version", low=0, high=2**62)
        )
        reader.done()
        return wording


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where goods hang and what they are. Shape: attributes as in the catalogue."""

    category_key: str
    brand: str
    brand_latin: str
    attributes: Mapping[str, Sequence[str | int]]

    @classmethod
    def parse(
        cls,
        form: MultiDict[str, str],
        asked: Collection[AttributeView],
        kept: Mapping[str, Sequence[str | int]],
    ) -> Shelf:
        """Read the properties that the form asked for; the others stay. Raises: Invalid."""
        reader = Reader(form)
        others = {view.key for view in asked}
        attributes = {key: values for key, values in kept.items() if key not in others}
        shelf = cls(
            reader.text("category", most=80),
            reader.text("brand", most=100, optional=True),
            read_latin(reader),
            attributes | read_attributes(reader, form, asked),
        )
        reader.done()
        return shelf


def read_latin(reader: Reader) -> str:
    """Read how a brand reads in Latin letters, which may be left out."""
    latin = reader.text("brand_latin", most=100, optional=True)
    if not is_latin(latin):
        reader.complain("brand_latin", N_("Please use Latin letters here."))
    return latin


def read_attributes(
    reader: Reader, form: MultiDict[str, str], asked: Collection[AttributeView]
) -> dict[str, Sequence[str | int]]:
    """Read the properties that a form asked for; one that was left empty is left out."""
    read = {view.key: _read_attribute(reader, form, view) for view in asked}
    return {key: values for key, values in read.items() if values}


def _read_attribute(
    reader: Reader, form: MultiDict[str, str], attribute: AttributeView
) -> list[str | int]:
    name = f"a-{attribute.key}"
    if attribute.kind == "number":
        return [reader.integer(name, low=0, high=LARGEST_NUMBER)] if reader.raw(name) else []
    return [value for value in dict.fromkeys(form.getlist(name)) if value in attribute.values]


def read_axes(
    form: MultiDict[str, str], known: Mapping[str, AttributeView]
) -> dict[str, list[str]]:
    """Read options and their values, in the order of the form. Raises: Invalid without any."""
    axes = ticked_axes(form, known)
    reader = Reader(form)
    if not 1 <= len(axes) <= MOST_OPTIONS:
        reader.complain("values", NEEDS_AXES)
    reader.done()
    return axes


def complain_of_twins(reader: Reader, names: Sequence[str]) -> None:
    """Complain of every cell with an article number that a cell before it has."""
    first: dict[str, str] = {}
    for name in names:
        sku = reader.raw(name)
        if sku and first.setdefault(sku, name) != name:
            reader.complain(name, N_("Another version already has this product code."))


def ticked_axes(
    form: MultiDict[str, str], known: Mapping[str, AttributeView]
) -> dict[str, list[str]]:
    """Return the options of which values are ticked, with those values, each once."""
    ticked = {
        key: [
            value for value in dict.fromkeys(form.getlist(f"v-{key}")) if value in attribute.values
        ]
        for key, attribute in known.items()
    }
    return {key: values for key, values in ticked.items() if values}


ORIGINS = tuple(
    sorted(
        {
            *COUNTRY_CURRENCY,
            "IN",
            "MX",
            "TR",
            "TH",
            "VN",
            "ID",
            "MA",
            "EG",
            "ZA",
            "LK",
            "NP",
            "PE",
            "CO",
            "KE",
            "ET",
            "IR",
            "SA",
            "IL",
            "NO",
            "NZ",
            "HK",
            "TW",
            "PH",
            "MY",
            "PK",
            "BD",
            "UA",
            "RS",
            "AR",
            "CL",
        }
    )
)
