"""Figures, reasons and days of a tariff, read strictly."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date

from insurance.rating.drafts import rules
from insurance.rating.drafts.queries import DraftFile, Moved
from kernel.text import N_
from kernel.web.forms import Reader

# What an element's name in a page does not have.
_NO_ID = re.compile(r"[^A-Za-z0-9_-]")


def name_of(path: str) -> str:
    """Return the name of a cell's field; a name holds no space."""
    return "cell--" + _NO_ID.sub("_", path.replace("/", "--"))


def parse_cells(form: Mapping[str, str], file: DraftFile) -> tuple[int, dict[str, str]]:
    """Read the edition that was seen and the figures that differ from what stands. Raises: Invalid.

    A field that the page did not send stays as it is. Who was shown what a colleague saved since
    says so by that edition; without it a form keeps the one that it began with, and is refused.
    """
    reader = Reader(form)
    typed = {}
    for path, stands in file.cells.items():
        value = reader.raw(name_of(path))
        if name_of(path) not in form or value == stands:
            continue
        if said := rules.complaint(path, value):
            reader.complain(name_of(path), said.msgid, **said.data)
        typed[path] = value
    edition = reader.integer("seen" if form.get("seen") else "edition", low=1, high=10**6)
    reader.done()
    return edition, typed


def parse_tax_row(form: Mapping[str, str]) -> tuple[int, dict[str, str]]:
    """Read the edition that was on the page and a row of premium tax. Raises: Invalid."""
    reader = Reader(form)
    country = reader.raw("country").upper()
    if not re.fullmatch(r"[A-Z]{2}", country):
        reader.complain("country", N_("Enter a country's code, such as DE."))
    rate = reader.raw("rate_pct")
    if said := rules.complaint("premium_tax/rate", rate):
        reader.complain("rate_pct", said.msgid, **said.data)
    row = {
        "country": country,
        "section": reader.choice("section", ["LOSS", "DELAY"]),
        "route": reader.choice("route", ["any", "domestic", "cross_border"]),
        "kind": reader.choice("kind", ["any", "consumer", "business"]),
        "rate_pct": rate,
        "valid_from": _day(reader, "begins_on").isoformat(),
        "basis": reader.text("basis", most=200),
    }
    edition = reader.integer("edition", low=1, high=10**6)
    reader.done()
    return edition, row


def parse_day(form: Mapping[str, str]) -> date:
    """Read the first day of a tariff. Raises: Invalid."""
    reader = Reader(form)
    day = _day(reader, "valid_from")
    reader.done()
    return day


def parse_reason(form: Mapping[str, str]) -> str:
    """Read why a draft is sent back. Raises: Invalid."""
    reader = Reader(form)
    reason = reader.text("reason", most=1000, is_long=True)
    reader.done()
    return reason


def parse_accepted(form: Mapping[str, str], moved: Collection[Moved]) -> dict[str, str]:
    """Read why each worked case that moved is right. Raises: Invalid."""
    reader = Reader(form)
    reasons = {one.id: reader.text(f"why_{one.id}", most=300) for one in moved}
    reader.done()
    return reasons


def _day(reader: Reader, name: str) -> date:
    try:
        return date.fromisoformat(reader.raw(name))
    except ValueError:
        reader.complain(name, N_("Choose a day."))
        return date.min
