"""Files of declarations: read line by line, each good line insured, each other one named.

A line is declared in a transaction of its own. Who stops in the middle, or sends the whole file
again, finds what was declared as it was, since a reference is declared once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from insurance.trade.open_cover import declaring, forms
from insurance.trade.open_cover.holding import held_by
from insurance.trade.open_cover.models import DeclarationFile
from insurance.trade.open_cover.queries import OpenCoverView
from insurance.trade.open_cover.rules import Source
from insurance.trade.open_cover.sent_files import FileView, file_view
from insurance.trade.open_cover.stored import stored_message
from kernel import clock
from kernel.actor import Actor
from kernel.csv_files import csv_file
from kernel.db import command, session
from kernel.errors import Conflict, Invalid, RuleBroken
from kernel.ids import new_id, public_ref
from kernel.text import N_, Message

COLUMNS = (
    "reference",
    "goods",
    "hs_code",
    "marks",
    "incoterm",
    "basis",
    "value",
    "freight",
    "origin_country",
    "origin",
    "destination_country",
    "destination",
    "mode",
    "conveyance",
    "document",
    "departs_on",
    "is_honest",
)
# Of these a line may say nothing, and a file may have no column.
_MAY_LACK = frozenset({"marks", "freight", "document", "is_honest"})
MOST_BYTES = 1 << 20
_DELIMITERS = (",", ";", "\t")
_FORMULA = ("'=", "'+", "'-", "'@")
_EXAMPLE = (
    "INV-2041",
    "Porcelain teapots",
    "691110",
    "TB 1-40",
    "CIP",
    "CFR",
    "20000.00",
    "",
    "CN",
    "Jingdezhen",
    "DE",
    "Berlin",
    "FCL",
    "MV Yangtze Star 612E",
    "NGB-4471",
    "2026-12-31",
    "",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was read. Shape: number is its place in the file, cells by column."""

    number: int
    cells: Mapping[str, str]


def example() -> bytes:
    """Return a file to begin with: the heads and one line."""
    return csv_file(COLUMNS, [_EXAMPLE])


def read(content: bytes, *, most_lines: int) -> list[Line]:
    """Return the lines of a file. Raises: Invalid where it is none that could be read."""
    if not content:
        raise _unread(N_("Choose a file first."))
    if len(content) > MOST_BYTES:
        raise _unread(N_("This file is too large."))
    try:
        text = content.decode("utf-8-sig")
        heads, rows = _table(text)
    except UnicodeDecodeError as odd:
        raise _unread(N_("Save the file as CSV in UTF-8 and send it again.")) from odd
    except csv.Error as odd:
        raise _unread(N_("We can't read this file. Save it as CSV and send it again.")) from odd
    missing = [name for name in COLUMNS if name not in heads and name not in _MAY_LACK]
    if missing:
        raise _unread(N_("These columns are missing: %(columns)s."), columns=", ".join(missing))
    if not rows:
        raise _unread(N_("This file has no shipments."))
    if len(rows) > most_lines:
        raise _unread(N_("Send at most %(most)d shipments in one file."), most=most_lines)
    return [Line(number, _cells(heads, row)) for number, row in rows]


def declare_file(
    *,
    cover: OpenCoverView,
    name: str,
    lines: list[Line],
    countries: Collection[str],
    actor: Actor,
) -> FileView:
    """Declare every line, and keep what became of each. Outside of any transaction."""
    today = clock.today()
    done = [_declared(cover, line, countries=countries, on=today, actor=actor) for line in lines]
    return keep_file(ref=cover.ref, name=name, lines=done, actor=actor)


@command("insurance.open_cover.keep_file")
def keep_file(*, ref: str, name: str, lines: list[dict[str, Any]], actor: Actor) -> FileView:
    """Keep a file with what became of its lines. Locks: the cover. Raises: OpenCoverUnknown."""
    row = DeclarationFile(
        id=new_id(),
        ref=public_ref("F"),
        open_cover_id=held_by(ref, actor).id,
        name=name,
        lines=lines,
        sent_at=clock.now(),
    )
    session().add(row)
    session().flush()
    return file_view(row)


def refused_table(file: FileView) -> bytes:
    """Return the lines that were not declared, as a file to mend and send again."""
    return csv_file(
        COLUMNS, [[line["cells"].get(name, "") for name in COLUMNS] for line in file.refused]
    )


def _declared(
    cover: OpenCoverView, line: Line, *, countries: Collection[str], on: date, actor: Actor
) -> dict[str, Any]:
    number: str | None = None
    complaints: dict[str, dict[str, Any]] = {}
    try:
        shipment = forms.parse_shipment(
            line.cells,
            currency=cover.deposit.currency,
            countries=countries,
            on=on,
            is_plain=True,
        )
        number = declaring.declare(
            ref=cover.ref, shipment=shipment, source=Source.FILE, actor=actor
        ).number
    except Invalid as refusal:
        complaints = {name: stored_message(said) for name, said in refusal.fields.items()}
    except (RuleBroken, Conflict) as refusal:
        complaints = {"": stored_message(refusal.sentence)}
    return {
        "line": line.number,
        "cells": dict(line.cells),
        "number": number,
        "complaints": complaints,
    }


def _table(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return heads and filled rows of a table, each with the number of its line."""
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    heads = [head.strip().lower() for head in next(reader, [])]
    rows = [(reader.line_num, row) for row in reader]
    return heads, [(number, row) for number, row in rows if any(cell.strip() for cell in row)]


def _cells(heads: list[str], row: list[str]) -> dict[str, str]:
    said = dict(zip(heads, map(_unquoted, row), strict=False))
    return {name: said.get(name, "").replace("\x00", "")[:1000] for name in COLUMNS}


def _unquoted(cell: str) -> str:
    """Return what stood in a cell before a table of ours made it no formula."""
    return cell[1:] if cell.startswith(_FORMULA) else cell


def _unread(sentence: str, **data: object) -> Invalid:
    return Invalid({"file": Message(sentence, data)})
