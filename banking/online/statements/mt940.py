"""MT940, the customer statement message that older book-keeping programs read.

Source: SWIFT Standards MT, category 9, MT 940 (fields 20, 25, 28C, 60F, 61, 86, 62F).
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from datetime import date

from banking.online.statements.errors import AmountTooLong
from banking.online.statements.rules import EXCHANGES, Line, Period
from kernel.money import Money, exponent
from kernel.web.i18n import translate

# Character set x of SWIFT, without the line breaks.
_FOREIGN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "Ø": "O",
        "æ": "ae",
        "Æ": "AE",
        "đ": "d",
        "ł": "l",
        "Ł": "L",
        "œ": "oe",
        "Œ": "OE",
        "’": "'",
        "–": "-",
    }
)


def mt940_text(period: Period) -> bytes:
    """Return a period as one message. Raises: AmountTooLong."""
    sequence = period.sequence or 0
    lines = [
        f":20:{plain(period.ref)[:16]}",
        f":25:{period.account.iban}",
        f":28C:{sequence:05d}/00001",
        f":60F:{_balance(period.opening, period.since)}",
    ]
    for line in period.lines:
        lines += [_entry(line), *_details(line)]
    lines += [f":62F:{_balance(period.closing, period.until)}", "-"]
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def amount(money: Money) -> str:
    """Return an amount without its sign: digits with a decimal comma. Raises: AmountTooLong."""
    digits = exponent(money.currency)
    whole, part = divmod(abs(money.minor), 10**digits)
    written = f"{whole},{part:0{digits}d}" if digits else f"{whole},"
    if len(written) > 15:
        raise AmountTooLong(amount=money)
    return written


def plain(text: str) -> str:
    """Return a text in the letters that SWIFT knows; others become dots."""
    bare = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return _FOREIGN.sub(".", letters).strip()


def _balance(money: Money, on: date) -> str:
    return f"{_mark(money)}{on:%y%m%d}{money.currency}{amount(money)}"


def _entry(line: Line) -> str:
    kind = "NFEX" if line.kind in EXCHANGES else "NTRF"
    # Two slashes end the customer's reference, and none may begin it.
    reference = plain(line.subject).replace("/", "")[:16] or "NONREF"
    return (
        f":61:{line.value_on:%y%m%d}{line.booked_on:%m%d}{_mark(line.amount)}"
        f"{amount(line.amount)}{kind}{reference}//{line.entry_id}"
    )


def _details(line: Line) -> list[str]:
    fee = f"of it {line.fee} fee" if line.fee else ""
    details = " ".join(
        part for part in (translate(line.title), line.subject, line.memo, fee) if part
    )
    rows = textwrap.wrap(plain(details), 65)[:6]
    # A line that begins like a field would end this one.
    return [
        f"{':86:' if not place else ''}{row if row[0] not in ':-' else '.' + row[1:]}"
        for place, row in enumerate(rows)
    ]


def _mark(money: Money) -> str:
    return "D" if money.minor < 0 else "C"
