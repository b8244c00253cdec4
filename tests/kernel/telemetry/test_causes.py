"""Whatever a request leads to says so: its facts, their deliveries, and the lines of those."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest

from kernel import db as house
from kernel import jobs
from kernel.actor import SYSTEM
from kernel.events import Event, on, publish
from kernel.logging import log, request_id


@dataclass(frozen=True, kw_only=True)
class LetterWritten(Event):
    name: ClassVar[str] = "tests.letter.written.v1"


@dataclass(frozen=True, kw_only=True)
class LetterSealed(Event):
    name: ClassVar[str] = "tests.letter.sealed.v1"


heard: list[tuple[str, str]] = []


@on(LetterWritten, "tests.causes.seal")
def seal(event: LetterWritten) -> None:
    heard.append(("seal", request_id.get()))
    publish(LetterSealed())


@on(LetterSealed, "tests.causes.carry", outside=True)
def carry(event: LetterSealed) -> None:
    heard.append(("carry", request_id.get()))
    log.info("a letter is carried")
    if len(heard) < 3:
        raise RuntimeError("the horse stumbles")


@house.command("tests.causes.write")
def write(*, actor) -> None:
    publish(LetterWritten())


@pytest.fixture(autouse=True)
def _asked_by_nobody():
    """Whoever ran before in this process may have left the name of their last request."""
    before = request_id.set("-")
    yield
    request_id.reset(before)


@pytest.fixture
def lines(db, caplog):
    heard.clear()
    caplog.set_level(logging.INFO)
    caplog.handler.addFilter(_note)
    yield lambda: [(r.getMessage(), r.seen_in) for r in caplog.records if r.name == "entrepot"]
    caplog.handler.removeFilter(_note)


def _note(record):
    record.seen_in = request_id.get()
    return True


def test_a_delivery_and_what_follows_from_it_name_the_request(lines):
    token = request_id.set("0123456789ab")
    write(actor=SYSTEM)
    request_id.reset(token)

    with pytest.raises(RuntimeError):
        jobs.drain()

    assert heard == [("seal", "0123456789ab"), ("carry", "0123456789ab")]
    assert [seen for _, seen in lines()] == ["0123456789ab"] * 2
    assert request_id.get() == "-"


def test_what_nothing_caused_names_nothing(lines):
    heard.append(("before", ""))
    write(actor=SYSTEM)
    jobs.drain()
    assert heard[1:] == [("seal", "-"), ("carry", "-")]


@jobs.schedule("tests.causes.ring", every=timedelta(days=1))
def ring() -> None:
    heard.append(("ring", request_id.get()))


def test_each_run_of_a_schedule_has_an_id_of_its_own(lines):
    jobs.run_schedule("tests.causes.ring")
    jobs.run_schedule("tests.causes.ring")
    first, second = [seen for _, seen in heard]
    assert first != second
    assert "-" not in {first, second}
    assert request_id.get() == "-"
