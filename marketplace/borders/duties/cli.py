"""The command door of the landed-cost engine: cases in, results out, no database, no web."""

from __future__ import annotations

import json
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from marketplace.borders.duties import shipped
from marketplace.borders.duties.rules import Malformed
from marketplace.borders.duties.rules.cases import case_id, cases_of
from marketplace.borders.duties.rules.written import answer


@click.command("landed-cost")
@click.argument("cases", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def landed_cost(cases: Path) -> None:
    """Print the landed cost of every case of a JSON file, in their order."""
    results = []
    try:
        data = json.loads(
            cases.read_text("utf-8"), parse_float=_number, parse_int=_whole, parse_constant=Decimal
        )
        listed = cases_of(data)
    except (ValueError, RecursionError) as error:
        _fail(cases.name, error)
    for position, case in enumerate(listed, start=1):
        try:
            results.append(answer(case, shipped.tables()))
        except Malformed as error:
            _fail(case_id(case, position), error)
    click.echo(json.dumps(results, indent=1))


# A number that cannot be read, or is none, is refused where its case is read, which has an id.
def _number(written: str) -> Decimal:
    try:
        return Decimal(written)
    except InvalidOperation:
        return Decimal("NaN")


def _whole(written: str) -> int | Decimal:
    try:
        return int(written)
    except ValueError:
        return Decimal("NaN")


def _fail(where: str, error: Exception) -> None:
    message = f"{where}: {error}".encode("utf-8", "backslashreplace").decode()
    click.echo(message, err=True)
    sys.exit(2)
