"""What requests may carry: nothing that no row of the database can be called, or could hold."""

from __future__ import annotations

from typing import Any

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.routing import BaseConverter, IntegerConverter, Map, ValidationError

from kernel.errors import Invalid
from kernel.money import CURRENCIES
from kernel.text import N_, Message

_MOST = 2**63 - 1


class RowNumberConverter(IntegerConverter):
    """`<int:…>` in an address: a number that a row can have; any other leads nowhere."""

    def __init__(self, url_map: Map, **arguments: Any) -> None:  # noqa: ANN401 - as Werkzeug's
        super().__init__(url_map, **({"max": _MOST} | arguments))


class CurrencyConverter(BaseConverter):
    """`<currency:…>` in an address: a currency of the house, in small letters; others are nowhere.

    Capital letters are read as well, as people type them.
    """

    regex = "[A-Za-z]{3}"

    def to_python(self, value: str) -> str:
        """Return the code of the currency. Raises: ValidationError."""
        if value.upper() not in CURRENCIES:
            raise ValidationError
        return value.upper()

    def to_url(self, value: str) -> str:
        """Return the code as addresses write it."""
        return value.lower()


def row_number(typed: str) -> int:
    """Return a row's number from an address's argument. Raises: ValueError when no row has it."""
    number = int(typed)
    if not 0 <= number <= _MOST:
        raise ValueError(typed)
    return number


def row_number_or_none(typed: str) -> int | None:
    """Return a row's number from what a form sends beside its rows, None when no row has it."""
    # So many digits have the numbers that rows can have; of thousands `int` refuses to read any.
    number = int(typed) if typed.isdecimal() and len(typed) <= len(str(_MOST)) else -1
    return number if 0 <= number <= _MOST else None


def is_storable(request: Request) -> bool:
    """Whether path and arguments are texts the database can look for: it knows no NUL sign."""
    return "\0" not in request.path and not any(
        "\0" in text for pair in request.args.items(multi=True) for text in pair
    )


def check_form(form: MultiDict[str, str]) -> None:
    """Refuse a form with a NUL sign, whichever field a view would read.

    Raises: Invalid with every field that has one, or the form where a name itself does.
    """
    wrong = [
        "" if "\0" in name else name
        for name, value in form.items(multi=True)
        if "\0" in name or "\0" in value
    ]
    if wrong:
        unstorable = Message(N_("This contains characters we can't save."))
        raise Invalid(dict.fromkeys(wrong, unstorable))
