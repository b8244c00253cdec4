"""The commands that move the demonstration's world."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from kernel import clock as business_time
from kernel import jobs
from kernel.config import settings
from kernel.db import reading
from marketplace.borders.customs.models import AuthorityMischief
from marketplace.logistics.carriers.models import CarrierMischief
from marketplace.logistics.shipping.cli import world
from tests.marketplace.borders.customs.test_customs_desk import make_quote


@pytest.fixture(autouse=True)
def _own_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Time that these commands move is moved for nobody else."""
    monkeypatch.setenv("ENTREPOT_VAR", str(tmp_path))
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()
    business_time.use_offset_file(None)


def test_advancing_moves_business_time_and_wakes_every_schedule(own_database: str) -> None:
    first = CliRunner().invoke(world, ["advance", "--hours", "1"], catch_exceptions=False)
    before = business_time.now()
    second = CliRunner().invoke(world, ["advance", "--days", "2"], catch_exceptions=False)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert 47 * 3600 < (business_time.now() - before).total_seconds() < 49 * 3600
    assert second.output.strip().endswith("UTC")


def test_what_only_follows_other_rows_follows_them_once_at_the_end(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: dict[str, list[str]] = {"daily": [], "mirror": []}
    day = timedelta(days=1)

    def turn(name: str) -> None:
        turns[name].append(f"{business_time.now():%d}")

    monkeypatch.setattr(jobs, "_schedules", {})
    for name, is_mirror in (("daily", False), ("mirror", True)):
        jobs.schedule(name, every=day, is_mirror=is_mirror)(partial(turn, name))
    CliRunner().invoke(world, ["advance", "--days", "3"], catch_exceptions=False)

    today = business_time.now()
    assert turns["daily"] == [f"{today - before * day:%d}" for before in (3, 2, 1, 0)]
    assert turns["mirror"] == [f"{today:%d}"]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (["carrier", "lose", "--parcel", "P-TEST0001"], ("lose", "P-TEST0001", 96, 1)),
        (["carrier", "delay", "--hours", "12", "--times", "3"], ("delay", None, 12, 3)),
        (["customs", "refuse"], ("refuse", None, 96, 1)),
        (["customs", "lose", "--parcel", "P-TEST0001"], ("lose", "P-TEST0001", 96, 1)),
        (["customs", "duplicate"], ("duplicate", None, 96, 1)),
        (["customs", "reorder"], ("reorder", None, 96, 1)),
    ],
)
def test_mischief_is_kept_for_the_next_parcel(
    db: Any, words: list[str], kept: tuple[object, ...]
) -> None:
    make_quote(subject="P-TEST0001")
    ran = CliRunner().invoke(world, ["misbehave", *words], catch_exceptions=False)

    table = AuthorityMischief if words[0] == "customs" else CarrierMischief
    with reading() as current:
        row = current.scalars(select(table)).one()
    assert ran.exit_code == 0
    assert (row.kind, row.parcel_ref, row.hours, row.remaining) == kept


def test_mischief_nobody_knows_is_refused_with_its_word(db: Any) -> None:
    carrier = CliRunner().invoke(world, ["misbehave", "carrier", "sing"])
    customs = CliRunner().invoke(world, ["misbehave", "customs", "dance"])

    assert (carrier.exit_code, customs.exit_code) == (2, 2)
    assert "sing" in carrier.output
    assert "dance" in customs.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["carrier", "lose", "--parcel", "P-TEST0001"], "carrier will lose: P-TEST0001"),
        (
            ["carrier", "delay", "--hours", "12", "--times", "3"],
            "carrier will delay by 12 hours: whatever comes next, 3 times",
        ),
        (
            ["customs", "reassess", "--percent", "150"],
            "customs will reassess at 150 per cent: whatever comes next",
        ),
    ],
)
def test_whoever_arranges_mischief_is_told_what_was_arranged(
    db: Any, words: list[str], told: str
) -> None:
    make_quote(subject="P-TEST0001")

    ran = CliRunner().invoke(world, ["misbehave", *words], catch_exceptions=False)

    assert ran.output.strip() == told


@pytest.mark.parametrize("who", ["carrier", "customs"])
def test_a_parcel_that_does_not_exist_is_refused_and_nothing_is_kept(db: Any, who: str) -> None:
    make_quote(subject="P-TEST0001")

    ran = CliRunner().invoke(world, ["misbehave", who, "lose", "--parcel", "P-TEST0002"])

    assert ran.exit_code == 2
    assert "there is no parcel P-TEST0002" in ran.output
    with reading() as current:
        assert not current.scalars(select(AuthorityMischief)).all()
        assert not current.scalars(select(CarrierMischief)).all()
