"""News lies by weeks: each has its place before it begins, and goes once everybody has heard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.pool import NullPool

from kernel import forgetting, partitions, testing
from kernel.actor import SYSTEM
from kernel.ids import new_id
from tests.owner import as_owner

WEEK = timedelta(weeks=1)


def weeks(db) -> list[str]:
    return list(db.execute(text("SELECT name FROM kernel.outbox_weeks() ORDER BY since")).scalars())


def monday_of(at: datetime) -> datetime:
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


def name_of(at: datetime) -> str:
    year, week, _ = at.isocalendar()
    return f"{year}_w{week:02}"


def past_week(db, weeks_ago: int) -> tuple[str, UUID]:
    """Give a week that is over its place; return its name and an id of its Wednesday."""
    begun = monday_of(datetime.now(UTC)) - weeks_ago * WEEK
    name = name_of(begun)
    with as_owner(db):
        for table in ("outbox", "delivery"):
            db.execute(
                text(
                    f"SELECT kernel.add_partition('kernel.{table}', 'kernel.{table}_{name}',"
                    " kernel.first_id(:since)::text, kernel.first_id(:until)::text)"
                ),
                {"since": begun, "until": begun + WEEK},
            )
    wednesday = db.execute(
        text("SELECT kernel.first_id(:at)"), {"at": begun + timedelta(days=2)}
    ).scalar_one()
    return name, wednesday


def hear_of(db, fact: UUID, *, days_ago: int, done: bool = True) -> None:
    """Write a fact of some days ago with one delivery, done on the same day or waiting."""
    at = datetime.now(UTC) - timedelta(days=days_ago)
    db.execute(
        text(
            "INSERT INTO kernel.outbox (id, name, payload, created_at)"
            " VALUES (:id, 'tests.gong.v1', '{}', :at)"
        ),
        {"id": fact, "at": at},
    )
    db.execute(
        text(
            "INSERT INTO kernel.delivery (event_id, handler, queue, due_at, done_at)"
            " VALUES (:id, 'tests.hear', 'default', :at, :done)"
        ),
        {"id": fact, "at": at, "done": at if done else None},
    )


def lies_in(db, fact: UUID, table: str = "outbox") -> str:
    key = "id" if table == "outbox" else "event_id"
    sql = f"SELECT tableoid::regclass::text FROM kernel.{table} WHERE {key} = :id"
    return db.execute(text(sql), {"id": fact}).scalar_one()


def test_this_week_and_eight_more_have_their_place(db):
    monday = monday_of(datetime.now(UTC))
    if weeks(db)[0] != name_of(monday):
        monday -= WEEK  # the tables were made before midnight
    assert weeks(db) == [name_of(monday + n * WEEK) for n in range(partitions.AHEAD + 1)]


def test_a_fact_and_its_deliveries_lie_in_the_week_that_the_id_tells(db):
    fact = new_id()
    hear_of(db, fact, days_ago=0)
    name = name_of(datetime.now(UTC))
    assert lies_in(db, fact) == f"kernel.outbox_{name}"
    assert lies_in(db, fact, "delivery") == f"kernel.delivery_{name}"


def test_an_id_without_a_time_lies_in_the_rest(db):
    fact = uuid5(new_id(), "derived")
    hear_of(db, fact, days_ago=0)
    assert lies_in(db, fact) in {"kernel.outbox_rest", *(f"kernel.outbox_{w}" for w in weeks(db))}
    early = UUID(int=5)
    hear_of(db, early, days_ago=0)
    assert lies_in(db, early) == "kernel.outbox_rest"


def test_what_is_missing_is_added_once_and_a_week_that_began_in_the_rest_stays_there(db):
    assert partitions.add_weeks(actor=SYSTEM) == 0
    first, last = weeks(db)[0], weeks(db)[-1]
    with as_owner(db):
        for name in (first, last):
            db.execute(text(f"DROP TABLE kernel.outbox_{name}, kernel.delivery_{name}"))
    fact = new_id()
    hear_of(db, fact, days_ago=0)
    assert lies_in(db, fact) == "kernel.outbox_rest"

    partitions.make_room()

    assert first not in weeks(db)
    assert last in weeks(db)


def test_a_week_that_everybody_has_heard_goes_as_a_whole(db):
    name, fact = past_week(db, 6)
    hear_of(db, fact, days_ago=40)
    young, recent = past_week(db, 4)
    hear_of(db, recent, days_ago=26)

    forgetting.forget_news()

    assert name not in weeks(db)
    assert young in weeks(db)
    left = db.execute(text("SELECT id FROM kernel.outbox WHERE name = 'tests.gong.v1'")).scalars()
    assert list(left) == [recent]
    tables = "SELECT to_regclass(:outbox), to_regclass(:delivery)"
    names = {"outbox": f"kernel.outbox_{name}", "delivery": f"kernel.delivery_{name}"}
    assert db.execute(text(tables), names).one() == (None, None)


@pytest.mark.parametrize("is_waiting", [True, False], ids=["waits", "heard only now"])
def test_a_week_that_somebody_has_not_heard_or_only_now_keeps_that_alone(db, is_waiting):
    name, fact = past_week(db, 6)
    hear_of(db, fact, days_ago=40)
    late = UUID(int=fact.int + 1)
    hear_of(db, late, days_ago=40, done=False)
    if not is_waiting:
        db.execute(
            text("UPDATE kernel.delivery SET done_at = clock_timestamp() WHERE event_id = :id"),
            {"id": late},
        )

    forgetting.forget_news()

    assert name in weeks(db)
    left = db.execute(text("SELECT id FROM kernel.outbox WHERE name = 'tests.gong.v1'")).scalars()
    assert list(left) == [late]


def test_nobody_lets_go_of_what_is_young_by_asking_for_no_days(db):
    fact = new_id()
    hear_of(db, fact, days_ago=0)
    assert partitions.drop_heard_weeks(days=-400, actor=SYSTEM) == 0
    assert lies_in(db, fact)


def test_whoever_serves_reaches_partitions_through_their_table_alone(db):
    for name in ("outbox", "delivery"):
        rights = (
            "SELECT has_table_privilege('entrepot_app', :table, 'SELECT, INSERT, UPDATE, DELETE')"
        )
        for part in (f"kernel.{name}_{weeks(db)[0]}", f"kernel.{name}_rest"):
            assert db.execute(text(rights), {"table": part}).scalar_one() is False
    with pytest.raises(ProgrammingError, match="permission denied"), db.begin_nested():
        db.execute(text("SELECT kernel.add_partition('kernel.outbox', 'kernel.x', '', '')"))


def test_who_is_in_the_way_is_waited_for_and_in_the_end_left_alone(monkeypatch, caplog):
    monkeypatch.setattr(partitions, "_PAUSE", 0)
    tried = []

    def busy(sqlstate: str) -> None:
        tried.append(sqlstate)
        cause = type("Busy", (Exception,), {"sqlstate": sqlstate})()
        raise DBAPIError("SELECT", {}, cause)

    assert partitions.between_others(lambda: busy("55P03")) is None
    assert len(tried) == partitions._TRIES
    assert "never free" in caplog.text
    with pytest.raises(DBAPIError):
        partitions.between_others(lambda: busy("42P01"))
    assert len(tried) == partitions._TRIES + 1


@pytest.fixture
def heard_week(template_database) -> Iterator[tuple[Connection, Connection, str, UUID]]:
    """A week that everybody has heard, in a database of its own with two who work in it at once.

    Shape: somebody else, whoever clears up, the week's name, its fact.
    """
    with testing.fresh_database(template=template_database) as name:
        engine = create_engine(testing.on_database(name), poolclass=NullPool)
        with engine.connect() as other, engine.connect() as own:
            week, fact = past_week(own, 6)
            hear_of(own, fact, days_ago=40)
            own.commit()
            yield other, own, week, fact
        engine.dispose()


def test_a_table_that_somebody_holds_is_left_within_half_a_second(heard_week):
    report, own, _, _ = heard_week
    report.execute(text("SELECT count(*) FROM kernel.outbox"))
    begun = datetime.now(UTC)
    with pytest.raises(DBAPIError) as refused:
        own.execute(text("SELECT kernel.drop_heard_weeks(30)"))
    own.rollback()
    assert refused.value.orig.sqlstate == "55P03"
    assert datetime.now(UTC) - begun < timedelta(seconds=2)
    report.rollback()
    assert own.execute(text("SELECT kernel.drop_heard_weeks(30)")).scalar_one() == 1
    own.commit()


def test_a_week_into_which_somebody_publishes_this_moment_stays(heard_week):
    publisher, own, week, fact = heard_week
    late = UUID(int=fact.int + 1)
    hear_of(publisher, late, days_ago=0, done=False)
    committing = threading.Timer(0.2, publisher.commit)
    committing.start()

    dropped = own.execute(text("SELECT kernel.drop_heard_weeks(30)")).scalar_one()

    own.commit()
    committing.join()
    assert dropped == 0
    assert lies_in(own, late) == f"kernel.outbox_{week}"
