"""What a vendor says of the safety of goods: warnings, and who answers for it in the Union.

Source: Regulation (EU) 2023/988, articles 16 and 19, in force since 13 December 2024.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kernel.web import Reader
from kernel.web.preferences import LANGUAGES
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.landed.previews import queries as previews

LONGEST_WARNING = 2000
PERSON = ("responsible_name", "responsible_address", "responsible_email")


@dataclass(frozen=True, slots=True)
class Safety:
    """What buyers must know, by locale, and who answers for it.

    Shape: responsible has name, address and email, or nothing at all; as it was read from a form,
    warnings are empty in the languages that were emptied there.
    """

    warnings: Mapping[str, str]
    responsible: Mapping[str, str]

    @classmethod
    def parse(cls, form: Mapping[str, str], language: str) -> Safety:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        safety = read_safety(reader, form, language)
        reader.done()
        return safety

    def over(self, kept: Mapping[str, str]) -> Safety:
        """Return it with the warnings that are kept in languages that the form did not hold."""
        warnings = {**kept, **self.warnings}
        return Safety({code: words for code, words in warnings.items() if words}, self.responsible)

    @property
    def told(self) -> dict[str, str]:
        """What the history says of it."""
        person = "\n".join(self.responsible.get(part, "") for part in ("name", "address", "email"))
        return dict(self.warnings) | ({"responsible": person} if self.responsible else {})


class Answers(StrEnum):
    """Who answers in the Union for goods that nobody is named for."""

    NOBODY_ASKED = "nobody_asked"
    SHOP = "shop"
    NAMED = "named"
    MISSING = "missing"


def read_safety(reader: Reader, form: Mapping[str, str], language: str) -> Safety:
    """Read warnings in the languages of the form, and the person, who is named whole or not."""
    warnings = {}
    for locale in LANGUAGES.values():
        name = "warnings" if locale == language else f"warnings_{locale}"
        if name in form:
            warnings[locale] = reader.text(name, most=LONGEST_WARNING, optional=True, is_long=True)
    responsible = {}
    if any(reader.raw(name) for name in PERSON):
        responsible = {
            "name": reader.text("responsible_name"),
            "address": reader.text("responsible_address", most=300, is_long=True),
            "email": reader.email("responsible_email"),
        }
    return Safety(warnings, responsible)


def who_answers(vendor: VendorView) -> Answers:
    """Return who answers in the Union for a shop's goods for which it names nobody."""
    union = previews.union()
    if vendor.responsible:
        return Answers.NAMED
    if previews.is_answered(is_named=False, vendor=vendor):
        return Answers.SHOP
    is_offered = any(vendor.sends(country) for country in union)
    return Answers.MISSING if is_offered else Answers.NOBODY_ASKED
