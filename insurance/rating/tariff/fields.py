"""Strict reading of JSON objects: every misfit names its path, nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from insurance.rating.tariff.amounts import exact

E = TypeVar("E", bound=StrEnum)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Malformed(ValueError):
    """A case that cannot be understood; the text names the field."""


@dataclass(frozen=True, slots=True)
class Fields:
    """One object of a case, read field by field; every misfit names its path."""

    raw: Mapping[str, Any]
    path: str

    @classmethod
    def of(cls, raw: object, path: str) -> Fields:
        """Return the reader of an object. Raises: Malformed when it is none."""
        if not isinstance(raw, dict):
            raise Malformed(f"{path} is not an object")
        return cls(raw, path)

    def bad(self, key: str, why: str) -> Malformed:
        """Return the error about a field."""
        return Malformed(f"{self.path}.{key} {why}")

    def has(self, key: str) -> bool:
        """Whether the key is there and not null."""
        return self.raw.get(key) is not None

    def get(self, key: str) -> Any:  # noqa: ANN401 - JSON; each reader below checks its type
        """Return a required value. Raises: Malformed."""
        if not self.has(key):
            raise self.bad(key, "is missing")
        return self.raw[key]

    def inner(self, key: str) -> Fields:
        """Return a required object."""
        return Fields.of(self.get(key), f"{self.path}.{key}")

    def many(self, key: str) -> list[Any]:
        """Return a required list."""
        value = self.get(key)
        if not isinstance(value, list):
            raise self.bad(key, "is not a list")
        return value

    def keys_of(self, key: str, table: Mapping[str, object]) -> tuple[str, ...]:
        """Return a required list whose entries are keys of a tariff table."""
        values = self.many(key)
        if not all(isinstance(value, str) and value in table for value in values):
            raise self.bad(key, f"holds others than {', '.join(table)}")
        return tuple(values)

    def text(self, key: str) -> str:
        """Return a required, non-empty string."""
        value = self.get(key)
        if not isinstance(value, str) or not value:
            raise self.bad(key, "is not text")
        return value

    def number(self, key: str, default: Fraction | None = None) -> Fraction:
        """Return a decimal string as a fraction."""
        if default is not None and not self.has(key):
            return default
        try:
            return exact(self.get(key))
        except Malformed:
            raise
        except ValueError as error:
            raise self.bad(key, str(error)) from error

    def positive(self, key: str) -> Fraction:
        """Return a decimal string above zero."""
        value = self.number(key)
        if not value:
            raise self.bad(key, "is zero")
        return value

    def count(self, key: str, least: int = 0) -> int:
        """Return a whole number."""
        value = self.get(key)
        if type(value) is not int or value < least:
            raise self.bad(key, f"is not a whole number from {least}")
        return value

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Return a truth value."""
        value = default if default is not None and not self.has(key) else self.get(key)
        if not isinstance(value, bool):
            raise self.bad(key, "is not true or false")
        return value

    def day(self, key: str) -> date:
        """Return a calendar date, written YYYY-MM-DD."""
        text = self.text(key)
        if not _DAY.fullmatch(text):
            raise self.bad(key, "is not a date")
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise self.bad(key, "is not a date") from error

    def instant(self, key: str) -> datetime:
        """Return an instant in UTC."""
        text = self.text(key)
        try:
            instant = datetime.fromisoformat(text)
        except ValueError as error:
            raise self.bad(key, "is not an instant") from error
        if instant.tzinfo is None:
            raise self.bad(key, "has no time zone")
        try:
            return instant.astimezone(UTC)
        except OverflowError as error:
            raise self.bad(key, "lies outside the calendar") from error

    def choice(self, key: str, choices: type[E], default: E | None = None) -> E:
        """Return a member of an enumeration."""
        if default is not None and not self.has(key):
            return default
        try:
            return choices(self.text(key))
        except Malformed:
            raise
        except ValueError as error:
            raise self.bad(key, f"is none of {', '.join(choices)}") from error

    def key_of(self, key: str, table: Mapping[str, object], default: str | None = None) -> str:
        """Return text that is a key of a tariff table."""
        value = default if default is not None and not self.has(key) else self.text(key)
        if value not in table:
            raise self.bad(key, f"is none of {', '.join(table)}")
        return value
