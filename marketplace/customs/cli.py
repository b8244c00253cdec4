"""The command door of the landed-cost engine: cases in, results out, no database, no web."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path

import click

from marketplace.customs import shipped
from marketplace.customs.rules import Malformed
from marketplace.customs.rules.cases import case_id, cases_of
from marketplace.customs.rules.written import answer


@click.command("landed-cost")
@click.argument("cases", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def landed_cost(cases: Path) -> None:
    """Print the landed cost of every case of a JSON file, in their order."""
    results = []
    try:
        data = json.loads(cases.read_text("utf-8"), parse_float=Decimal, parse_constant=_refused)
        listed = cases_of(data)
    except (ValueError, RecursionError) as error:
        _fail(cases.name, error)
    for position, case in enumerate(listed, start=1):
        try:
            results.append(answer(case, shipped.tables()))
        except Malformed as error:
            _fail(case_id(case, position), error)
    click.echo(json.dumps(results, ensure_ascii=False, indent=1))


def _refused(name: str) -> None:
    raise Malformed(f"{name} is no decimal")


def _fail(where: str, error: Exception) -> None:
    click.echo(f"{where}: {error}", err=True)
    sys.exit(2)
