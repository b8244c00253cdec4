"""What the house promised to forget goes; what is young, waits or is evidence stays."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest
from sqlalchemy import text

from kernel import clock as house_clock
from kernel import db as house
from kernel import forgetting, jobs
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import Event, on, publish
from kernel.people.identity import jobs as people_jobs
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity


@dataclass(frozen=True, kw_only=True)
class GongStruck(Event):
    name: ClassVar[str] = "tests.gong.struck.v1"
    times: int


@on(GongStruck, "tests.forgetting.hear_gong")
def hear_gong(event: GongStruck) -> None:
    if event.times == 13:
        raise RuntimeError("no gong is struck thirteen times")


@on(GongStruck, "tests.forgetting.hear_gong_too", queue="slow")
def hear_gong_too(event: GongStruck) -> None:
    pass


@house.command("tests.forgetting.strike")
def strike(*, times: int, actor=SYSTEM) -> None:
    publish(GongStruck(times=times))


def struck(db) -> list[int]:
    """The strokes that are still known of, oldest first."""
    rows = db.execute(
        text("SELECT payload FROM kernel.outbox WHERE name = 'tests.gong.struck.v1' ORDER BY seq")
    )
    return [row.payload["times"] for row in rows]


def age(db, *, days: int) -> None:
    """Let everything in the outbox have happened, and been done, some days earlier."""
    past = {"past": timedelta(days=days)}
    db.execute(text("UPDATE kernel.outbox SET created_at = created_at - :past"), past)
    db.execute(text("UPDATE kernel.delivery SET done_at = done_at - :past"), past)


def test_old_news_goes_with_its_deliveries_and_young_news_stays(db):
    strike(times=1, actor=SYSTEM)
    jobs.drain()
    age(db, days=37)
    strike(times=2, actor=SYSTEM)
    jobs.drain()

    forgetting.forget_news()

    assert struck(db) == [2]
    assert db.execute(text("SELECT count(*) FROM kernel.delivery")).scalar_one() == 2


@pytest.mark.parametrize(
    "undone",
    [
        pytest.param("done_at = NULL", id="waits"),
        pytest.param("done_at = NULL, dead_at = clock_timestamp()", id="gave up"),
        pytest.param("done_at = clock_timestamp()", id="done a moment ago"),
    ],
)
def test_news_that_somebody_has_not_heard_or_only_now_stays(db, undone):
    strike(times=1, actor=SYSTEM)
    jobs.drain()
    age(db, days=400)
    db.execute(text(f"UPDATE kernel.delivery SET {undone} WHERE handler LIKE '%too'"))

    forgetting.forget_news()

    assert struck(db) == [1]
    assert db.execute(text("SELECT count(*) FROM kernel.delivery")).scalar_one() == 2


def test_news_goes_batch_by_batch_past_what_stays(db, monkeypatch):
    monkeypatch.setattr(forgetting, "BATCH", 2)
    for times in range(7):
        strike(times=times, actor=SYSTEM)
    jobs.drain()
    age(db, days=37)
    db.execute(
        text(
            "UPDATE kernel.delivery SET done_at = NULL WHERE event_id IN"
            " (SELECT id FROM kernel.outbox ORDER BY seq LIMIT 3)"
        )
    )

    forgetting.forget_news()

    assert struck(db) == [0, 1, 2]


def test_evidence_stays_while_news_goes(db):
    strike(times=1, actor=SYSTEM)
    jobs.drain()
    kept = {
        name: db.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
        for name in ("kernel.audit", "kernel.outcome", "banking.journals")
    }
    assert kept["kernel.audit"]
    age(db, days=4000)

    forgetting.forget_news()

    assert struck(db) == []
    for name, number in kept.items():
        assert db.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() >= number


def devices(db) -> list[str]:
    rows = db.execute(text("SELECT device FROM kernel.person_session ORDER BY created_at"))
    return list(rows.scalars())


def sign_in(person, device) -> None:
    identity.sign_in(
        email=person,
        password="correct horse battery",
        device=device,
        address="192.0.2.7",
        actor=SYSTEM,
    )


@pytest.fixture
def camille(db, clock) -> str:
    clock("2026-01-01T09:00")
    identity.register(
        email="camille@example.com",
        password="correct horse battery",
        name="Camille Martin",
        locale="en",
        country="FR",
        actor=SYSTEM,
    )
    sign_in("camille@example.com", "old telephone")
    return "camille@example.com"


def test_sign_ins_that_were_over_long_ago_go(db, clock, camille):
    clock("2026-06-01T09:00")
    sign_in(camille, "tablet")
    clock("2027-03-08T09:00")  # 401 days after the telephone's session ended
    sign_in(camille, "laptop")

    people_jobs.forget_sessions()

    assert devices(db) == ["tablet", "laptop"]


def test_what_was_proven_in_a_session_goes_with_it(db, clock, camille):
    clock("2026-06-01T09:00")
    sign_in(camille, "tablet")
    clock("2027-03-08T09:00")
    sign_in(camille, "laptop")

    people_jobs.forget_sessions()

    kept = db.execute(
        text(
            "SELECT s.device FROM kernel.confirmation c"
            " LEFT JOIN kernel.person_session s ON s.id = c.session_id"
        )
    )
    assert kept.scalars().all() == ["tablet", "laptop"]


def test_sign_ins_stay_for_thirteen_months(db, clock, camille):
    clock("2027-03-06T09:00")
    sign_in(camille, "laptop")
    people_jobs.forget_sessions()
    assert devices(db) == ["old telephone", "laptop"]


def test_a_last_sign_in_stays_so_that_the_next_device_is_a_new_one(db, clock, camille):
    clock("2031-01-01T09:00")
    people_jobs.forget_sessions()
    assert devices(db) == ["old telephone"]

    opened = identity.sign_in(
        email=camille,
        password="correct horse battery",
        device="Mozilla/5.0 (X11) Firefox/140.0",
        address="198.51.100.4",
        actor=SYSTEM,
    )
    with reading():
        assert people.new_device(session_id=opened) is not None


def test_the_log_tells_of_a_sign_in_whose_session_is_forgotten(db, clock, camille, as_):
    clock("2027-06-01T09:00")
    opened = identity.sign_in(
        email=camille,
        password="correct horse battery",
        device="laptop",
        address="192.0.2.7",
        actor=SYSTEM,
    )
    people_jobs.forget_sessions()
    assert devices(db) == ["laptop"]

    actor = people.actor_of_session(str(opened))
    assert actor is not None
    assert as_(actor).get("/en/account/security/log").status_code == 200
    assert house_clock.now().year == 2027
