"""Telephone numbers: read as people of a country type them, kept in one form, shown in theirs."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType
from phonenumbers import ValidationResult as Result

from kernel.text import ascii_digits


def phone(country: str, typed: str) -> str | None:
    """Return a number as it is kept, None when it cannot be one of its country.

    Any spaces, dashes, brackets and scripts of figures; without a country code it is one of
    `country`. Shape: E.164, like +33612345678. A number with an extension is nobody's at a door.
    """
    number = _read(country, typed)
    if number is None or number.extension:
        return None
    # Letters would be dialled as figures; somebody who types them means something else.
    if any(sign.isalpha() for sign in typed):
        return None
    is_whole = phonenumbers.is_possible_number_with_reason(number) == Result.IS_POSSIBLE
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if is_whole else None


def phone_in(country: str, kept: str) -> str:
    """Return a kept number as people of a country write it: theirs without a country code."""
    number = _read("", kept)
    if number is None:
        return kept
    is_own = country in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(number.country_code or 0, ())
    form = PhoneNumberFormat.NATIONAL if is_own else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def phone_forms(kept: str) -> tuple[str, ...]:
    """Return every form in which people write a kept number."""
    number = _read("", kept)
    if number is None:
        return (kept,) if kept else ()
    forms = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL)
    return tuple(phonenumbers.format_number(number, form) for form in forms)


def phone_example(country: str) -> str:
    """Return a mobile number as people of a country write theirs, empty where none is known.

    Shape: its spaces do not break, so that a sentence keeps it on one line.
    """
    number = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    if number is None:
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL).replace(" ", "\u00a0")


def _read(country: str, typed: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(ascii_digits(typed), country or None)
    except NumberParseException:
        return None
