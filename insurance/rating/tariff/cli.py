"""The rating engine on the command line: cases in, results out, no database."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import click

from insurance.rating.tariff import cases
from insurance.rating.tariff.fields import Malformed


@click.command("insurance-rate")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def insurance_rate(path: Path) -> None:
    """Rate the cases of a JSON file and print their results in the same order.

    Refusals are results. A malformed case ends with its id on stderr and status 2.
    """
    try:
        listed = json.loads(path.read_text(encoding="utf-8"), parse_int=_whole)
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"{path} is not JSON: {error}") from error
    if not isinstance(listed, list):
        raise click.UsageError(f"{path} is not a list of cases")
    results = [_answer(case, position) for position, case in enumerate(listed, start=1)]
    click.echo(json.dumps(results, indent=1))


def _whole(written: str) -> int | Decimal:
    try:
        return int(written)
    except ValueError:
        # Too long to be read; no number at all, so that the case is refused by its id.
        return Decimal("NaN")


def _answer(case: object, position: int) -> object:
    name = case.get("id") if isinstance(case, dict) else None
    try:
        if not isinstance(name, str) or not name:
            raise Malformed("case.id is missing")
        return cases.answer(case)
    except ValueError as error:
        known = name if isinstance(name, str) and name else f"case {position}"
        message = f"{known}: {error}"
        click.echo(message.encode("utf-8", "backslashreplace").decode(), err=True)
        raise click.exceptions.Exit(2) from error
