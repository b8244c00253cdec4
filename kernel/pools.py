"""Pools of database connections: how a session begins, and which are handed out.

Between the house and PostgreSQL may stand PgBouncer, which lends a server's session for one
transaction. Such a session is begun by the pooler (docker/cluster/pgbouncer.ini), since what one
process asks of it the next would find; so the house only looks whether it was begun as it has to
be.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.sql.compiler import SQLCompiler

from kernel import answering
from kernel.config import settings

# Evidence stays evidence by right too: migrations alone run as the owner (kernel/sql/rights.sql).
# A process that is stopped in the middle keeps its locks until the server gives it up.
SESSION = "-c timezone=UTC -c role=entrepot_app -c idle_in_transaction_session_timeout=300000"
_BEGUN = """
    SELECT current_user = 'entrepot_app' AND current_setting('TimeZone') = 'UTC',
        (SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout')
    """


# A list in a statement makes another statement for each of its lengths. The server keeps a plan of
# some hundred kilobytes for each that comes again; a list that grows with what is under way would
# leave a thousand of them in every connection.
LONGEST_KEPT = 30


class WrongSession(RuntimeError):
    """A pooler lends sessions that were begun as somebody else, or without an end to waiting."""


def make(url: str, server: answering.Server, *, is_pooled: bool) -> Engine:
    """Return a pool on a database, by its SQLAlchemy URL; connections are opened when needed.

    Shape: is_pooled for one that PgBouncer stands before.
    """
    chosen = answering.line()
    if is_pooled:
        # A session that is lent for a transaction forgets what was prepared in it.
        chosen["prepare_threshold"] = None
    else:
        chosen["options"] = f"{SESSION} {answering.session_options()}"
    pool = create_engine(
        url,
        pool_size=settings().pool_size,
        max_overflow=settings().pool_size,
        pool_timeout=5,
        # The connection used last is used next: it has its plans and its catalogue at hand.
        pool_use_lifo=True,
        # Statements of pages are few and repeated; both caches must hold them all.
        query_cache_size=2000,
        # What somebody typed stands in no message of a failure, and so in no log.
        hide_parameters=True,
        connect_args=chosen,
    )
    event.listen(pool, "do_connect", partial(_connect, server))
    event.listen(pool, "connect", _look_at_session if is_pooled else _keep_statements)
    event.listen(pool, "checkout", _look_at)
    event.listen(pool, "do_execute", _execute)
    return pool


def sqlalchemy_url(url: str) -> str:
    """Return the SQLAlchemy URL of whatever libpq takes: several hosts, a socket, more parameters.

    Raises: psycopg.ProgrammingError for what it does not take.
    """
    told: dict[str, Any] = conninfo_to_dict(url)
    names = {"username": "user", "password": "password", "database": "dbname"}
    known = {ours: told.pop(theirs, None) for ours, theirs in names.items()}
    more = {name: str(value) for name, value in told.items()}
    made = URL.create("postgresql+psycopg", **known, query=more)
    return made.render_as_string(hide_password=False)


def _connect(
    server: answering.Server,
    _dialect: object,
    _record: object,
    _arguments: list[Any],
    chosen: dict[str, Any],
) -> answering.Connection:
    return answering.connect(server, chosen)


def _keep_statements(connection: psycopg.Connection[Any], _record: object) -> None:
    # The driver's hundred are fewer than the house has, so that each would push out the next.
    connection.prepared_max = 1000


def _execute(
    cursor: psycopg.Cursor[Any],
    statement: str,
    parameters: Mapping[str, object],
    context: DefaultExecutionContext,
) -> bool:
    """Run a statement with a long list without keeping it; whether it was one.

    The driver counts how often each comes, also of those that it is told not to prepare: a thousand
    long ones would stay in every connection. It counts none while it prepares none at all.
    """
    made = context.compiled
    is_listed = isinstance(made, SQLCompiler) and made.post_compile_params
    if not is_listed or len(parameters) <= LONGEST_KEPT:
        return False
    connection = cursor.connection
    threshold, connection.prepare_threshold = connection.prepare_threshold, None
    try:
        cursor.execute(statement.encode(), parameters)
    finally:
        connection.prepare_threshold = threshold
    return True


def _look_at_session(connection: psycopg.Connection[Any], _record: object) -> None:
    """Refuse a session that a pooler did not begin as ours. Raises: WrongSession."""
    connection.autocommit = True
    row = connection.execute(_BEGUN).fetchone()
    connection.autocommit = False
    assert row is not None, "it is one row"
    is_ours, limit = row
    if not is_ours:
        raise WrongSession("the pooler's connect_query sets no role entrepot_app and no UTC")
    if not 0 < limit <= 1000 * answering.allowed().statement:
        raise WrongSession(
            f"the pooler's connect_query sets a statement_timeout of {limit} ms,"
            f" not of at most {answering.allowed().statement} s"
        )


def _look_at(connection: answering.Connection, *_what: object) -> None:
    """Hand out no connection whose server is gone. Raises: PoolTimeout, InvalidatePoolError."""
    connection.server.refuse_while_away()
    if answering.was_hung_up(connection):
        # Its sisters are of the same server; whoever asks gets a new one instead.
        raise InvalidatePoolError
