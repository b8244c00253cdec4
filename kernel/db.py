"""The database session and the only commit of the house.

A write is a command: one transaction, one commit; commands called inside a command join it, but
for those that must outlive it.
Reads run on a session of their own without a transaction, so that a page costs no BEGIN.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, cast

import psycopg
from sqlalchemy import (
    Connection,
    DateTime,
    Engine,
    MetaData,
    Table,
    Text,
    event,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import SchemaItem

from kernel import answering, pools
from kernel.actor import Actor
from kernel.config import settings
from kernel.sessions import Asked, Session
from kernel.telemetry.commands import observed
from kernel.telemetry.outages import database_answered

P = ParamSpec("P")
R = TypeVar("R")

_RETRYABLE = {"40001", "40P01"}  # serialization failure, deadlock
_TRIES = 4


class Base(DeclarativeBase):
    """Every table of the house; a table names its package's schema."""

    type_annotation_map = {
        datetime: DateTime(timezone=True),
        str: Text(),
    }
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def plain_table(
    module: str,
    name: str,
    holds: str,
    *parts: SchemaItem,
    fillfactor: int | None = None,
    partition_by: str | None = None,
) -> Table:
    """Declare a table that statements of SQL alone read and write; others are mapped classes.

    Units: fillfactor in hundredths of a page, where rows that change often find room beside them.
    Shape: name with its schema; holds is what a class would say in its docstring; partition_by as
    PostgreSQL spells it, where the table is kept by stretches of time (kernel/partitions.py).
    """
    schema, _, bare = name.partition(".")
    info = {"module": module, "holds": holds}
    storage = {"fillfactor": fillfactor} if fillfactor else None
    return Table(
        bare,
        Base.metadata,
        *parts,
        schema=schema,
        info=info,
        postgresql_with=storage,
        postgresql_partition_by=partition_by,
    )


@dataclass(slots=True)
class _Work:
    """The open unit of work of this context."""

    session: Session
    is_command: bool
    command: str = ""
    actor: Actor | None = None
    done: Done | None = None
    facts: list[Mapping[str, object]] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Done:
    """An outermost command that is about to be committed, of which a trail is kept."""

    name: str
    actor: Actor
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a unit of work leaves beside its change, in the same commit.

    Shape: command is None for a block; facts are plain values, as `kernel.events` tells them.
    """

    command: Done | None
    facts: list[Mapping[str, object]]


_work: ContextVar[_Work | None] = ContextVar("entrepot_work", default=None)
_engine: Engine | None = None
_reader: Engine | None = None
_test_connection: Connection | None = None
_commands: dict[str, Callable[..., object]] = {}
_leaving: list[Callable[[Session, Evidence], None]] = []


def engine() -> Engine:
    """Return the pool of this process, created on first use."""
    global _engine  # noqa: PLW0603 - one pool per process
    if _engine is None:
        _engine = pools.make(
            database_url(), answering.PRIMARY, is_pooled=settings().database_is_pooled
        )
    return _engine


def reading_engine() -> Engine:
    """Return the same pool without transactions; every page opens one reading."""
    global _reader  # noqa: PLW0603 - one pool per process
    pooled = engine()
    if _reader is None or _reader.pool is not pooled.pool:
        _reader = pooled.execution_options(isolation_level="AUTOCOMMIT")
    return _reader


def database_url() -> str:
    """Return the SQLAlchemy URL of PostgreSQL, starting the embedded server when none is set."""
    url = settings().database_url
    if not url:
        from kernel.embedded import postgres_url  # noqa: PLC0415 - with a URL nobody needs it

        url = postgres_url()
    return pools.sqlalchemy_url(url)


def in_use() -> int:
    """Return how many connections of this process's pool are in use."""
    pool = engine().pool
    return pool.checkedout() if isinstance(pool, QueuePool) else 0


def dispose() -> None:
    """Close the pool; before a fork, and between tests that change the server."""
    global _engine  # noqa: PLW0603 - a process has one pool
    if _engine is not None:
        _engine.dispose()
    _engine = None


def leave_pool() -> None:
    """Begin with a pool of its own in a forked child; the connections stay the parent's."""
    if _engine is not None:
        _engine.dispose(close=False)


def use_engine(other: Engine | None) -> None:
    """Work on another database from here on (tests)."""
    global _engine  # noqa: PLW0603 - a process has one pool
    _engine = other


def use_connection(connection: Connection | None) -> None:
    """Run every unit of work inside this connection's open transaction (tests)."""
    global _test_connection  # noqa: PLW0603 - a test works on one connection
    _test_connection = connection


def session() -> Session:
    """Return the session of the open command, or of the open reading.

    Raises: AssertionError outside of both: a programmer's error.
    """
    work = _work.get()
    assert work is not None, "no command and no reading is open"
    return work.session


def is_open() -> bool:
    """Whether a command or a reading is open here."""
    return _work.get() is not None


def in_command() -> bool:
    """Whether a command is open here."""
    work = _work.get()
    return work is not None and work.is_command


def after_commit(act: Callable[[], None]) -> None:
    """Run an act once the open command is committed (cache drops; never money, never news)."""
    work = _work.get()
    assert work is not None, "acts follow a command"
    assert work.is_command, "acts follow a command"
    work.after_commit.append(act)


def tell(fact: Mapping[str, object]) -> None:
    """Keep a fact that leaves with the open command, as the last before its commit."""
    work = _work.get()
    assert work is not None, "facts leave with the change that made them"
    work.facts.append(fact)


def leave_evidence(write: Callable[[Session, Evidence], None]) -> None:
    """Let the trail be written inside each outermost command, and facts in each unit of work."""
    _leaving.append(write)


def command(name: str, *, is_apart: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a keyword-only function with an explicit `actor` one transaction with one commit.

    The audit trail keeps the name, so it is the command's own and survives any move of its code.
    Shape: name is `<package>.<noun>.<verb>`, no two alike. One that is apart never joins another:
    what it writes stays when everything around it is undone, so it touches no row of its caller's.
    Locks: none of its own; retried on deadlock and serialisation failure, at most three times,
    and only as the outermost command.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        assert name not in _commands, f"two commands are called {name}"
        _commands[name] = function

        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            assert not args, "commands take keyword arguments only"
            actor = kwargs.get("actor")
            if not isinstance(actor, Actor):
                raise TypeError("commands name their actor")
            if in_command() and not is_apart:
                return function(*args, **kwargs)
            with observed(name):
                return _retried(
                    lambda: _once(name, actor, lambda: function(*args, **kwargs), kwargs)
                )

        return run

    return decorate


def commands() -> Mapping[str, Callable[..., object]]:
    """Return every command that is loaded, by the name that the audit trail keeps."""
    return _commands


@contextmanager
def transaction(*, name: str, actor: Actor) -> Iterator[Session]:
    """Open a command as a block; for the job runner and the seeds, which bring many writes at once.

    Raises: AssertionError inside another command.
    """
    assert not in_command(), "a block is an outermost command"
    with _opened(is_command=True, name=name, actor=actor) as work:
        yield work.session


@contextmanager
def reading() -> Iterator[Session]:
    """Open a reading: no transaction, nothing written; joins what is open already."""
    work = _work.get()
    if work is not None:
        yield work.session
        return
    with _opened(is_command=False, name="", actor=None) as opened:
        yield opened.session


@contextmanager
def reading_at(replica: Connection) -> Iterator[Session]:
    """Open a reading on a connection to another server, inside the page's own; closes it.

    Commands inside go to the primary as ever.
    """
    work = _Work(Session(replica, expire_on_commit=False, autoflush=False), is_command=False)
    token = _work.set(work)
    try:
        yield work.session
    finally:
        _work.reset(token)
        work.session.close()
        replica.close()


@contextmanager
def savepoint() -> Iterator[Session]:
    """Open a nested block whose failure leaves the rest of the command alive."""
    work = _work.get()
    assert work is not None, "a block is nested in a command"
    told = len(work.facts)
    try:
        with work.session.begin_nested():
            yield work.session
    except BaseException:
        del work.facts[told:]  # what was undone is told to nobody
        raise


def statement(
    sql: str, parameters: Mapping[str, object], *, name: str, actor: Actor
) -> tuple[Any, ...]:
    """Run one statement that returns one row: in the open command, else as a whole transaction.

    Alone it costs one round trip: the server begins and commits around it, and no audit row is
    written, so it is for writes that keep their own evidence of who did what.
    Shape: the driver's own placeholders, `%(name)s`.
    """
    (row,) = rows_of_statement(sql, parameters, name=name, actor=actor)
    return row


def rows_of_statement(
    sql: str,
    parameters: Mapping[str, object],
    *,
    name: str,
    actor: Actor,
    is_apart: bool = False,
) -> list[tuple[Any, ...]]:
    """Run one statement as `statement` does, and return all of its rows.

    One that is apart never joins the open command, as a command that is apart.
    """
    if in_command() and not is_apart:
        return _rows(session(), sql, parameters)
    if _test_connection is not None:
        with _opened(is_command=True, name=name, actor=actor) as work:
            return _rows(work.session, sql, parameters)
    rows = _retried(lambda: _alone(sql, parameters))
    outer = _work.get()
    if outer is not None and not outer.is_command:
        _forget(outer)
    return rows


def _rows(current: Session, sql: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in current.ask(Asked(sql), parameters)]


def _alone(sql: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
    pooled = engine().raw_connection()
    driver = cast("psycopg.Connection[tuple[Any, ...]]", pooled.driver_connection)
    try:
        driver.autocommit = True
        rows = driver.execute(sql, parameters).fetchall()
        database_answered()
        return rows
    finally:
        if driver.closed:
            pooled.invalidate()
        else:
            driver.autocommit = False
        pooled.close()


def _retried(work: Callable[[], R]) -> R:
    for attempt in range(_TRIES):
        try:
            return work()
        except (DBAPIError, psycopg.Error) as error:
            state = getattr(
                error.orig if isinstance(error, DBAPIError) else error, "sqlstate", None
            )
            if state not in _RETRYABLE or attempt == _TRIES - 1:
                raise
            time.sleep(0.01 * 2**attempt)
    raise AssertionError("the last try returns or raises")


def _once(name: str, actor: Actor, call: Callable[[], R], arguments: dict[str, Any]) -> R:
    with _opened(is_command=True, name=name, actor=actor) as work:
        work.done = Done(name, actor, arguments)
        return call()


@contextmanager
def _opened(*, is_command: bool, name: str, actor: Actor | None) -> Iterator[_Work]:
    current = _new_session(is_command=is_command)
    outer = _work.get()
    work = _Work(current, is_command, name, actor)
    token = _work.set(work)
    try:
        yield work
        if is_command:
            _leave(work)
        # In tests a reading is a savepoint around the commands of its page: it must not undo them.
        if is_command or _test_connection is not None:
            current.commit()
    except BaseException:
        current.rollback()
        raise
    finally:
        _work.reset(token)
        current.close()
    if outer is not None and not outer.is_command:
        _forget(outer)
    for act in work.after_commit:
        act()


def _leave(work: _Work) -> None:
    """Write what a unit of work leaves beside its change."""
    if work.done is not None or work.facts:
        work.session.flush()
        for write in _leaving:
            write(work.session, Evidence(work.done, work.facts))


def _forget(outer: _Work) -> None:
    # What the page read before the command is old news.
    outer.session.expire_all()
    outer.session.info.clear()


def _new_session(*, is_command: bool) -> Session:
    if _test_connection is not None:
        return Session(
            _test_connection,
            join_transaction_mode="create_savepoint",
            expire_on_commit=False,
        )
    bind = engine() if is_command else reading_engine()
    return Session(bind, expire_on_commit=False, autoflush=is_command)


class QueryCount:
    """How many statements ran inside a block; pages have budgets."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)


@contextmanager
def counting_queries() -> Iterator[QueryCount]:
    """Count the statements sent to the database inside the block."""
    count = QueryCount()

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            count.statements.append(statement)

    target = _test_connection.engine if _test_connection is not None else engine()
    event.listen(target, "before_cursor_execute", note)
    try:
        yield count
    finally:
        event.remove(target, "before_cursor_execute", note)
