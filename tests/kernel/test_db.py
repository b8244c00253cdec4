"""Commands: one transaction, one commit, named actor."""

import threading

import psycopg
import pytest
from sqlalchemy import String, column, select, text
from sqlalchemy.exc import DBAPIError

from kernel import answering, pools, testing
from kernel import db as house
from kernel.actor import SYSTEM
from kernel.db import command, counting_queries, reading, savepoint, session, transaction

_PREPARED = """
    SELECT count(*) FROM pg_prepared_statements
    WHERE statement = 'INSERT INTO kernel.try_count VALUES ($1, now(), 1)'
"""


@command("tests.db.write")
def write(*, email: str, fail: bool = False, actor) -> None:
    session().execute(text("INSERT INTO kernel.try_count VALUES (:e, now(), 1)"), {"e": email})
    if fail:
        raise ValueError("no")


@command("tests.db.write_two")
def write_two(*, first: str, second: str, fail_second: bool, actor) -> None:
    write(email=first, actor=actor)
    write(email=second, fail=fail_second, actor=actor)


def names() -> set[str]:
    with reading() as current:
        return set(current.execute(text("SELECT bucket FROM kernel.try_count")).scalars())


def test_a_command_that_fails_leaves_nothing(db):
    with pytest.raises(ValueError, match="no"):
        write_two(first="a", second="b", fail_second=True, actor=SYSTEM)
    assert names() == set()


def test_nested_commands_are_one_change(db):
    write_two(first="a", second="b", fail_second=False, actor=SYSTEM)
    assert names() == {"a", "b"}


def test_a_command_needs_an_actor_and_names(db):
    with pytest.raises(TypeError, match="actor"):
        write(email="a", actor=None)
    with pytest.raises(AssertionError, match="keyword"):
        write("a", actor=SYSTEM)


def test_a_savepoint_fails_alone(db):
    with transaction(name="test", actor=SYSTEM):
        write(email="kept", actor=SYSTEM)
        with pytest.raises(ValueError, match="no"), savepoint():
            write(email="lost", fail=True, actor=SYSTEM)
    assert names() == {"kept"}


def test_the_trail_tells_the_outermost_command(db):
    write_two(first="a", second="b", fail_second=False, actor=SYSTEM)
    rows = db.execute(text("SELECT command, actor FROM kernel.audit")).all()
    assert [(r.command, r.actor) for r in rows] == [("tests.db.write_two", "system")]


def test_the_trail_cannot_be_changed(db):
    write(email="a", actor=SYSTEM)
    for change in (
        "UPDATE kernel.audit SET actor = 'x'",
        "DELETE FROM kernel.audit",
        "TRUNCATE kernel.audit",
    ):
        with pytest.raises(Exception, match="permission denied"), db.begin_nested():
            db.execute(text(change))
        # The trigger stops the owner as well.
        with pytest.raises(Exception, match="evidence"), db.begin_nested():
            db.execute(text(f"SET LOCAL ROLE NONE; {change}"))


def test_queries_are_counted(db):
    with counting_queries() as count, reading() as current:
        current.execute(text("SELECT 1"))
        current.execute(text("SELECT 2"))
    assert len(count) == 2


@pytest.mark.parametrize(("length", "kept"), [(pools.LONGEST_KEPT, 1), (300, 0)])
def test_a_statement_with_a_long_list_leaves_no_plan_in_its_connection(
    own_database, monkeypatch, length, kept
):
    counted, execute = [], psycopg.Cursor.execute

    def watched(cursor, query, *more, **named):
        if " IN (" in (query.decode() if isinstance(query, bytes) else str(query)):
            counted.append(cursor.connection.prepare_threshold)
        return execute(cursor, query, *more, **named)

    monkeypatch.setattr(psycopg.Cursor, "execute", watched)
    buckets = column("bucket", String)
    listed = (
        select(buckets)
        .select_from(text("kernel.try_count"))
        .where(buckets.in_([str(number) for number in range(length)]))
    )
    pool = pools.make(testing.on_database(own_database), answering.PRIMARY, is_pooled=False)
    try:
        with pool.connect() as connection:
            for _ in range(8):
                assert connection.execute(listed).all() == []
            left = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%try_count%'"
            assert connection.execute(text(left)).scalar_one() == kept
            # Nor in the driver, which counts what may be worth a plan one day while it makes plans.
            assert counted == [5 if kept else None] * 8
            assert connection.connection.driver_connection.prepare_threshold == 5
    finally:
        pool.dispose()


def test_a_test_leaves_its_statements_prepared_and_nothing_else(shared_engine):
    def prepared():
        return connection.execute(text(_PREPARED)).scalar_one()

    with shared_engine.connect() as connection:
        with testing.rolled_back(connection):
            for email in "abc":
                write(email=email, actor=SYSTEM)
            first = prepared()
            with pytest.raises(ValueError, match="no"):
                write(email="refused", fail=True, actor=SYSTEM)
            after_a_refusal, written = prepared(), names()
        with testing.rolled_back(connection):
            in_the_next_test, left = prepared(), names()

    assert (first, after_a_refusal, in_the_next_test) == (1, 1, 1)
    assert (written, left) == ({"a", "b", "c"}, set())


def test_a_failed_statement_names_none_of_its_values(shared_engine, monkeypatch):
    monkeypatch.setattr(house, "_engine", None)
    monkeypatch.setattr(house, "database_url", lambda: shared_engine.url)
    pool = house.engine()
    statement, values = text("SELECT :email FROM nowhere"), {"email": "camille@example.com"}

    with pool.connect() as connection, pytest.raises(DBAPIError) as failed:
        connection.execute(statement, values)
    pool.dispose()

    assert "nowhere" in str(failed.value)
    assert "camille" not in str(failed.value)


def test_a_deadlock_is_tried_again(own_database):
    for bucket in ("x", "y"):
        write(email=bucket, actor=SYSTEM)
    barrier = threading.Barrier(2, timeout=10)
    tries: list[int] = []

    @command("tests.db.swap")
    def swap(*, first: str, second: str, actor) -> None:
        tries.append(1)
        bump = text("UPDATE kernel.try_count SET tries = tries + 1 WHERE bucket = :b")
        session().execute(bump, {"b": first})
        if len(tries) <= 2:
            barrier.wait()
        session().execute(bump, {"b": second})

    threads = [
        threading.Thread(target=swap, kwargs={"first": a, "second": b, "actor": SYSTEM})
        for a, b in (("x", "y"), ("y", "x"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    with reading() as current:
        counts = current.execute(text("SELECT sum(tries) FROM kernel.try_count")).scalar_one()
    assert counts == 2 + 4
    assert len(tries) > 2  # a busy machine may break the tie more than once
    house.dispose()
