"""The commands that move the demonstration's world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from kernel import clock as business_time
from kernel.db import reading
from marketplace.customs.models import AuthorityMischief
from marketplace.shipping.cli import world
from marketplace.shipping.models import CarrierMischief


@pytest.fixture(autouse=True)
def _own_clock() -> Iterator[None]:
    yield
    business_time.use_offset_file(None)


def test_advancing_moves_business_time_and_wakes_every_schedule(own_database: str) -> None:
    first = CliRunner().invoke(world, ["advance", "--hours", "1"], catch_exceptions=False)
    before = business_time.now()
    second = CliRunner().invoke(world, ["advance", "--days", "2"], catch_exceptions=False)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert 47 * 3600 < (business_time.now() - before).total_seconds() < 49 * 3600
    assert second.output.strip().endswith("UTC")


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (["carrier", "lose", "--parcel", "P-1"], ("lose", "P-1", 96, 1)),
        (["carrier", "delay", "--hours", "12", "--times", "3"], ("delay", None, 12, 3)),
        (["customs", "refuse"], ("refuse", None, 96, 1)),
    ],
)
def test_mischief_is_kept_for_the_next_parcel(
    db: Any, words: list[str], kept: tuple[object, ...]
) -> None:
    ran = CliRunner().invoke(world, ["misbehave", *words], catch_exceptions=False)

    table = AuthorityMischief if words[0] == "customs" else CarrierMischief
    with reading() as current:
        row = current.scalars(select(table)).one()
    assert ran.exit_code == 0
    assert (row.kind, row.parcel_ref, row.hours, row.remaining) == kept


def test_mischief_nobody_knows_is_refused_with_its_word(db: Any) -> None:
    carrier = CliRunner().invoke(world, ["misbehave", "carrier", "sing"])
    customs = CliRunner().invoke(world, ["misbehave", "customs", "lose"])

    assert (carrier.exit_code, customs.exit_code) == (2, 2)
    assert "sing" in carrier.output
    assert "lose" in customs.output
