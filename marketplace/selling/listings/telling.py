"""What the history of a listing says: every change as label, former value, new value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kernel.money import Money
from kernel.text import N_
from kernel.web.formats import (
    country_name,
    format_list,
    format_money,
    format_number,
    format_row,
    format_size,
    format_unit,
    format_weight,
    language_name,
)
from kernel.web.i18n import current_locale, translate
from marketplace.catalogue.products import queries as catalogue
from marketplace.catalogue.products.queries import HAZARD_WORDS
from marketplace.catalogue.products.revisions import Kind, Revision

KINDS = {
    Kind.WORDS: N_("Description"),
    Kind.SHELF: N_("Category and details"),
    Kind.CUSTOMS: N_("Customs details"),
    Kind.VERSIONS: N_("Versions and prices"),
    Kind.PICTURES: N_("Pictures"),
    Kind.SAFETY: N_("Safety"),
}
_LABELS = {
    "sku": N_("Your product code"),
    "price": N_("Price per item"),
    "stock": N_("In stock"),
    "weight_g": N_("Weight"),
    "lead_time_days": N_("Days until you ship"),
    "is_listed": N_("On sale"),
    "versions": N_("Versions"),
    "pictures": N_("Pictures"),
    "category": N_("Category"),
    "brand": N_("Brand"),
    "brand_latin": N_("Brand in Latin letters"),
    "hs_code": N_("Customs code"),
    "origin_country": N_("Made in"),
    "size_mm": N_("Packed size"),
    "hazards": N_("Transport"),
    "responsible": N_("Responsible person in the European Union"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that changed, in the page's language. Shape: was is empty for what is new."""

    label: str
    was: str
    became: str


def kind_words(kind: Kind) -> str:
    """Return which part of a listing a change is about, as a marked sentence."""
    return KINDS[kind]


def told(revision: Revision, currency: str) -> list[Told]:
    """Return what one change says; prices are in the shop's currency."""
    return list(_told(revision, currency))


def _told(revision: Revision, currency: str) -> Iterator[Told]:
    was, became = revision.before, revision.after
    for key in {**was, **became}:
        old, new = was.get(key), became.get(key)
        if revision.kind == Kind.SAFETY and key != "responsible":
            yield Told(language_name(key, own=False), old or "", new or "")
        elif revision.kind == Kind.WORDS:
            yield Told(language_name(key, own=False), _words(old), _words(new))
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            for name in new:
                if old.get(name) != new[name]:
                    yield Told(
                        format_row(key, _label(name)),
                        _value(name, old.get(name), currency),
                        _value(name, new[name], currency),
                    )
        else:
            yield Told(_label(key), _value(key, old, currency), _value(key, new, currency))


def _words(given: Sequence[str] | None) -> str:
    return "\n".join(part for part in given or () if part)


def _label(key: str) -> str:
    if key in _LABELS:
        return translate(_LABELS[key])
    known = catalogue.attributes().get(key)
    return known.name(current_locale()) if known else key


def _value(key: str, value: Any, currency: str) -> str:  # noqa: ANN401 - as JSON keeps it
    if value in (None, "", []):
        return translate(N_("Nothing dangerous")) if key == "hazards" and value == [] else ""
    if key == "price":
        return format_money(Money(value, currency))
    if key == "is_listed":
        return translate(N_("Yes") if value else N_("No"))
    if key == "origin_country":
        return country_name(value)
    if key == "category":
        category = catalogue.categories_by_key([value]).get(value)
        return category.name(current_locale()) if category else value
    return _measured(key, value)


def _measured(key: str, value: Any) -> str:  # noqa: ANN401 - as JSON keeps it
    if key == "weight_g":
        return format_weight(value)
    if key == "lead_time_days":
        return format_unit(value, "duration-day")
    if key == "size_mm":
        return format_size(*value)
    if isinstance(value, list) and key in _LABELS:
        is_named = key == "hazards"
        words = [translate(HAZARD_WORDS[one]) for one in value] if is_named else []
        return format_list(words) if is_named else format_number(len(value))
    known = catalogue.attributes().get(key)
    if known:
        return format_list([known.value(one, current_locale()) for one in value])
    return format_number(value) if isinstance(value, int) else str(value)
