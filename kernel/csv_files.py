"""Tables for spreadsheets and programs, written in one way.

RFC 4180 in UTF-8 behind a byte order mark: most people open these files in a spreadsheet, and the
most common one takes what has no mark for the letters of its own country, so that names break.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal

MARK = "\ufeff"
# Source: OWASP, CSV injection. The wide signs are folded to the narrow ones by some spreadsheets.
_FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?", re.ASCII)


def csv_lines(rows: Iterable[Iterable[object]]) -> str:
    """Return rows as lines; what somebody wrote is no formula in any spreadsheet."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows([_cell(part) for part in r] for r in rows)
    return written.getvalue()


def csv_file(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Return a whole table with its heads."""
    return (MARK + csv_lines([heads]) + csv_lines(rows)).encode()


def plain_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; numbers stay, below zero too."""
    is_formula = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def _cell(part: object) -> str:
    if part is None:
        return ""
    if isinstance(part, Decimal):
        return f"{part:f}"
    return plain_cell(str(part))
