"""Reads one line of a catalogue file: every field is typed, measured and clean before it goes on.

What passes here fits its column, so a line can be refused without the database stopping the rest.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

# Keys stand in indexes, whose rows hold about 2700 bytes; a sign takes up to four.
LONGEST_KEY = 200
LONGEST_TITLE = 500
LONGEST_TEXT = 50_000

COUNTRY = re.compile(r"[A-Z]{2}")
HS_CODE = re.compile(r"[0-9]{6,12}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_BREAKS = frozenset("\t\n\r")
# Control signs, and halves of a surrogate pair, which no encoding can write.
_UNCLEAN = frozenset({"Cc", "Cs"})
# Outside these years a date is a slip, and pages could not turn it into local time.
_YEARS = range(1900, 2201)


class BadLine(ValueError):
    """A line that cannot be imported; the text says why."""


def row_of(line: bytes) -> dict[str, Any]:
    """Return the object a line holds. Raises: BadLine."""
    try:
        row = json.loads(line.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise BadLine(f"not UTF-8 at byte {error.start + 1}") from error
    except RecursionError as error:
        raise BadLine("nested too deeply") from error
    except ValueError as error:
        raise BadLine(str(error)) from error
    if not isinstance(row, dict):
        raise BadLine("not an object")
    return row


def _no_number(name: str) -> NoReturn:
    raise BadLine(f"{name} is not a number")


def needed(row: Mapping[str, Any], name: str) -> object:
    """Return a value that must be there. Raises: BadLine."""
    if name not in row:
        raise BadLine(f"{name} is missing")
    return row[name]


def cleaned(value: object, name: str, *, longest: int, breaks: bool = False) -> str:
    """Return a text without control signs; line breaks pass where `breaks` says so.

    Raises: BadLine.
    """
    if not isinstance(value, str):
        raise BadLine(f"{name} must be a text")
    if len(value) > longest:
        raise BadLine(f"{name} is longer than {longest} signs")
    if not value.isprintable():  # quick where all is well, which it nearly always is
        for sign in value:
            if unicodedata.category(sign) in _UNCLEAN and not (breaks and sign in _BREAKS):
                raise BadLine(f"{name} holds the control sign U+{ord(sign):04X}")
    return value


def text_of(row: Mapping[str, Any], name: str, *, longest: int = LONGEST_KEY) -> str:
    """Return a text of one line that says something. Raises: BadLine."""
    value = cleaned(needed(row, name), name, longest=longest)
    if not value.strip():
        raise BadLine(f"{name} must be a text")
    return value


def text_or_nothing(row: Mapping[str, Any], name: str) -> str:
    """Return a text of one line, empty where it is absent. Raises: BadLine."""
    value = row.get(name)
    return "" if value is None else cleaned(value, name, longest=LONGEST_KEY)


def code(row: Mapping[str, Any], name: str, pattern: re.Pattern[str], what: str) -> str | None:
    """Return a code of a given writing, None where it is absent or empty. Raises: BadLine."""
    value = row.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise BadLine(f"{name} must be {what}")
    return value


def locale_of(value: object, name: str) -> str:
    """Return a language tag. Raises: BadLine."""
    if not isinstance(value, str) or not _LOCALE.fullmatch(value):
        raise BadLine(f"{name} must be a language tag")
    return value


def whole(row: Mapping[str, Any], name: str, *, low: int = 0, high: int) -> int:
    """Return a whole number within its limits. Raises: BadLine."""
    value = needed(row, name)
    if type(value) is not int or not low <= value <= high:
        raise BadLine(f"{name} must be a whole number from {low} to {high}")
    return value


def mapping(row: Mapping[str, Any], name: str, what: str) -> dict[str, Any]:
    """Return an object, empty where it is absent. Raises: BadLine."""
    value = row.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadLine(f"{name} must map {what}")
    return value


def texts(
    row: Mapping[str, Any], name: str, *, longest: int = LONGEST_TEXT, breaks: bool = True
) -> dict[str, str]:
    """Return texts by language tag. Raises: BadLine."""
    by_language = mapping(row, name, "languages to texts")
    return {
        locale_of(locale, f"a key of {name}"): cleaned(
            words, f"{name} in {locale}", longest=longest, breaks=breaks
        )
        for locale, words in by_language.items()
    }


def keys(value: object, name: str) -> list[str]:
    """Return a list of keys, empty where it is absent. Raises: BadLine."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadLine(f"{name} must be a list of texts")
    return [cleaned(key, f"an entry of {name}", longest=LONGEST_KEY) for key in value]


def instant(row: Mapping[str, Any], name: str) -> datetime:
    """Return a date or an instant in UTC; one without an offset is taken as UTC.

    Raises: BadLine.
    """
    value, wrong = needed(row, name), f"{name} must be a date, alone or with a time"
    if not isinstance(value, str):
        raise BadLine(wrong)
    try:
        read = datetime.fromisoformat(value)
        moment = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadLine(wrong) from error
    if moment.year not in _YEARS:
        raise BadLine(f"{name} must lie between {_YEARS[0]} and {_YEARS[-1]}")
    return moment
