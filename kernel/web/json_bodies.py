"""JSON that programs send: read field by field, every complaint at once, each by its pointer.

What nobody knows is refused: a name that was mistyped changes nothing without a word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from typing import Final

from flask import request

from kernel import foreign_json
from kernel.errors import HouseError, Invalid
from kernel.money import CURRENCIES, Money
from kernel.text import N_, Message
from kernel.web.forms import Reader

# Source: house decision, as in the limits of `rate_limits.json`: bodies without files are small.
LARGEST: Final = 2**20
LONGEST_KEY: Final = 255
# More than any sum of the house in minor units, and less than every JSON reader keeps exactly.
MOST_MINOR: Final = 10**12
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class JsonExpected(HouseError):
    """The body is no JSON by its own word."""

    code = "json_expected"
    status = 415
    message = N_("Send this as JSON, with the content type application/json.")


class JsonUnreadable(Invalid):
    """The body is no JSON object, or one that no column could hold."""

    code = "json_unreadable"
    status = 400
    message = N_("We can't read this. Send one JSON object.")


class KeyMissing(Invalid):
    """What is done once has to be called by a key."""

    code = "idempotency_key_missing"
    status = 400
    message = N_("Send an Idempotency-Key header of 1 to 255 visible characters.")


class CursorUnknown(Invalid):
    """A list never gave out this cursor."""

    code = "cursor_unknown"
    status = 400
    message = N_("We don't know this cursor. Start with the first page again.")


class Body:
    """Reads one object; each method returns a value, or a harmless one and a complaint.

    Shape: complaints by JSON pointer (RFC 6901).
    """

    def __init__(self, held: Mapping[str, object], at: str = "") -> None:
        self._held, self._at = held, at
        self._known: set[str] = set()
        self._inside: list[Body] = []
        self._complaints: dict[str, Message] = {}

    def complain(self, name: str, sentence: str, **data: object) -> None:
        """Note what is wrong with a field; the first complaint stays."""
        self._complaints.setdefault(self._pointer(name), Message(sentence, data))

    def done(self) -> None:
        """End reading. Raises: Invalid with every complaint, also of names that nobody knows."""
        if self.complaints:
            raise Invalid(self.complaints)

    @property
    def is_wrong(self) -> bool:
        """Whether something is wrong with what was read so far."""
        return bool(self._complaints) or any(inside.is_wrong for inside in self._inside)

    def has(self, name: str) -> bool:
        """Whether a field is there and says something."""
        return self._take(name) is not None

    def text(
        self, name: str, *, most: int = 200, optional: bool = False, is_long: bool = False
    ) -> str:
        """Return a text of at most `most` characters, of one line unless it is long."""
        reader = Reader({name: self._text(name)})
        said = reader.text(name, most=most, optional=optional, is_long=is_long)
        self._take_over(reader, name)
        return said

    def texts(self, name: str, *, most: int, longest: int) -> tuple[str, ...]:
        """Return a list of texts, empty where there is none."""
        said = self._list(name, most=most)
        reader = Reader({str(n): one for n, one in enumerate(said) if isinstance(one, str)})
        read = tuple(
            reader.text(str(n), most=longest, optional=True, is_long=True) for n in range(len(said))
        )
        for place, complaint in reader.complaints.items():
            self._complaints.setdefault(self._pointer(f"{name}/{place}"), complaint)
        for n, one in enumerate(said):
            if not isinstance(one, str):
                self.complain(f"{name}/{n}", N_("Send this as text."))
        return read

    def email(self, name: str) -> str:
        """Return an e-mail address in lower case."""
        reader = Reader({name: self._text(name)})
        said = reader.email(name)
        self._take_over(reader, name)
        return said

    def choice(self, name: str, choices: Collection[str], *, default: str | None = None) -> str:
        """Return one of the values that are known."""
        value = self._text(name) or (default or "")
        if value not in choices:
            self.complain(name, N_("Choose one of the options."))
        return value

    def integer(self, name: str, *, low: int, high: int) -> int:
        """Return a whole number between two bounds, both allowed."""
        value = self._take(name)
        if not isinstance(value, int) or isinstance(value, bool):
            self.complain(name, N_("Enter a whole number."))
            return low
        if not low <= value <= high:
            self.complain(name, N_("Enter a number from %(low)s to %(high)s."), low=low, high=high)
        return value

    def flag(self, name: str) -> bool:
        """Return whether something is so; it is not where nothing is said."""
        value = self._take(name)
        if value is not None and not isinstance(value, bool):
            self.complain(name, N_("Send true or false."))
        return value is True

    def day(self, name: str) -> date:
        """Return a day, written as ISO 8601 writes it with hyphens."""
        said = self._text(name)
        if _DAY.fullmatch(said):
            with suppress(ValueError):
                return date.fromisoformat(said)
        self.complain(name, N_("Enter a day, like 2026-12-31."))
        return date.min

    def money(self, name: str, *, currency: str = "", optional: bool = False) -> Money:
        """Return an amount above zero; zero, where it is optional, too.

        Units: minor. Shape: an object of amount and currency; currency asks for exactly that one.
        """
        if optional and not self.has(name):
            return Money.zero(currency or "EUR")
        return self.child(name).amount(currency=currency, optional=optional)

    def amount(self, *, currency: str = "", optional: bool = False) -> Money:
        """Return this object itself as an amount, which `money` reads inside of another."""
        minor = self.integer("amount", low=0, high=MOST_MINOR)
        code = self.choice("currency", [currency] if currency else CURRENCIES)
        if minor == 0 and not optional:
            self.complain("amount", N_("Enter an amount above zero."))
        return Money(minor, code if code in CURRENCIES else "EUR")

    def child(self, name: str) -> Body:
        """Return an object inside of this one, empty where there is none."""
        value = self._take(name)
        if not isinstance(value, dict):
            self.complain(name, N_("Send this as an object."))
        return self._open(value if isinstance(value, dict) else {}, name)

    def children(self, name: str, *, most: int) -> list[Body]:
        """Return the objects of a list of one to `most`."""
        said = self._list(name, most=most)
        if not said:
            self.complain(name, N_("Please fill this in."))
        for n, one in enumerate(said):
            if not isinstance(one, dict):
                self.complain(f"{name}/{n}", N_("Send this as an object."))
        return [
            self._open(one, f"{name}/{n}") for n, one in enumerate(said) if isinstance(one, dict)
        ]

    def _open(self, held: Mapping[str, object], name: str) -> Body:
        inside = Body(held, self._pointer(name))
        self._inside.append(inside)
        return inside

    def _list(self, name: str, *, most: int) -> list[object]:
        value = self._take(name)
        if value is not None and not isinstance(value, list):
            self.complain(name, N_("Send this as a list."))
        said = value if isinstance(value, list) else []
        if len(said) > most:
            self.complain(name, N_("Send at most %(most)d of these at once."), most=most)
        return said[:most]

    def _text(self, name: str) -> str:
        value = self._take(name)
        if value is not None and not isinstance(value, str):
            self.complain(name, N_("Send this as text."))
        return value if isinstance(value, str) else ""

    def _take(self, name: str) -> object:
        self._known.add(name)
        return self._held.get(name)

    def _take_over(self, reader: Reader, name: str) -> None:
        for complaint in reader.complaints.values():
            self._complaints.setdefault(self._pointer(name), complaint)

    def _pointer(self, name: str) -> str:
        return f"{self._at}/{name}"

    @property
    def complaints(self) -> dict[str, Message]:
        """What is wrong so far, here and inside, by pointer; names that nobody asked for, too."""
        unknown = Message(N_("We don't know this field."))
        found = {
            self._pointer(name.replace("~", "~0").replace("/", "~1")): unknown
            for name in self._held
            if name not in self._known
        }
        for inside in self._inside:
            found |= inside.complaints
        return found | self._complaints


def receive() -> Body:
    """Return what a program sent.

    Raises: JsonExpected, JsonUnreadable, and as Werkzeug for more than `LARGEST` bytes.
    """
    if not request.is_json:
        raise JsonExpected
    request.max_content_length = LARGEST
    try:
        return Body(foreign_json.read_object(request.get_data(cache=False)))
    except foreign_json.NotOurJson as error:
        raise JsonUnreadable from error


def request_key() -> str:
    """Return how a program calls what is to be done once. Raises: KeyMissing."""
    key = request.headers.get("Idempotency-Key", "")
    if not 0 < len(key) <= LONGEST_KEY or not all("!" <= sign <= "~" for sign in key):
        raise KeyMissing
    return key
