"""Sessions that take a written-out statement straight to the driver.

The mapper builds a statement out of classes, and the shape of its answer out of the statement. That
is worth its time where rows become objects. A statement that is text has nothing to build, and half
of what one took was spent on building; a purchase asks some seventy of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import psycopg
from sqlalchemy import BindParameter, TextClause, make_url, orm
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType

if TYPE_CHECKING:
    from sqlalchemy import Connection

# Spells `:name` as the driver does; it knows no server.
_SPELLING = make_url("postgresql+psycopg://").get_dialect()()


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement as the driver takes it.

    Shape: sql with the driver's own placeholders, `%(name)s`; invoked_statement is where whoever
    listens to statements finds what was asked, as in the mapper's own context.
    """

    sql: str
    invoked_statement: TextClause | None = None


class Answer(IteratorResult[Any]):
    """All rows of one statement. Units: rowcount is how many it gave or touched."""

    def __init__(self, cursor: psycopg.Cursor[tuple[Any, ...]]) -> None:
        given = cursor.pgresult
        assert given is not None, "it was executed"
        named = tuple([given.fname(index) for index in range(given.nfields)])
        super().__init__(_shape(named), iter(cursor.fetchall() if named else ()))
        self.rowcount = cursor.rowcount


class Session(orm.Session):
    """A session like the mapper's own, but for statements that are plain text."""

    if not TYPE_CHECKING:  # to a type checker they are the mapper's own, with all their forms

        def execute(self, statement: object, params: object = None, **how: object) -> object:
            """Run a statement. Raises: DBAPIError."""
            if how or (asked := _plain(statement, params)) is None:
                return super().execute(statement, params, **how)
            return self._asked(asked, params)

        def scalars(self, statement: object, params: object = None, **how: object) -> object:
            """Return the first column of every row. Raises: DBAPIError."""
            if how or (asked := _plain(statement, params)) is None:
                return super().scalars(statement, params, **how)
            return self._asked(asked, params).scalars()

        def scalar(self, statement: object, params: object = None, **how: object) -> object:
            """Return the first column of the first row, None without one. Raises: DBAPIError."""
            if how or (asked := _plain(statement, params)) is None:
                return super().scalar(statement, params, **how)
            return self._asked(asked, params).scalar()

    def _asked(self, asked: Asked, parameters: Mapping[str, object] | None) -> Answer:
        if self.autoflush:
            self.flush()
        return self.ask(asked, parameters)

    def ask(self, asked: Asked, parameters: Mapping[str, object] | None) -> Answer:
        """Run a statement as the driver takes it; what waits to be written goes on waiting.

        Events: those of SQLAlchemy around a statement. Raises: DBAPIError, as the mapper raises it.
        """
        connection = self.connection()
        driver = cast(
            "psycopg.Connection[tuple[Any, ...]]", connection.connection.driver_connection
        )
        cursor = driver.cursor()
        told = (connection, cursor, asked.sql, parameters, asked, False)
        try:
            for listener in connection.dispatch.before_cursor_execute:
                listener(*told)
            cursor.execute(asked.sql, parameters or {})
            connection.dispatch.after_cursor_execute(*told)
            return Answer(cursor)
        except psycopg.Error as error:
            is_lost = driver.closed or driver.broken
            if is_lost:
                connection.invalidate(error)
            raise _as_the_mapper_says_it(error, asked, connection, is_lost=is_lost) from error
        finally:
            cursor.close()


def _plain(statement: object, parameters: object) -> Asked | None:
    """Return a statement as the driver takes it, None where the mapper has to see to it."""
    if type(statement) is not TextClause or not isinstance(parameters, dict | None):
        return None
    return _straight(statement)


# Of the modules' constants; what is written anew each time is looked at anew.
@lru_cache(maxsize=2000)
def _straight(statement: TextClause) -> Asked | None:
    takes_anything = all(_is_untyped(parameter) for parameter in statement.get_children())
    return _spelled(statement.text) if takes_anything else None


def _is_untyped(parameter: object) -> bool:
    assert isinstance(parameter, BindParameter), "text holds nothing else"
    return parameter.required and not parameter.expanding and type(parameter.type) is NullType


@lru_cache(maxsize=5000)
def _spelled(sql: str) -> Asked:
    statement = TextClause(sql)
    return Asked(str(statement.compile(dialect=_SPELLING)), statement)


@lru_cache(maxsize=5000)
def _shape(columns: tuple[bytes | None, ...]) -> SimpleResultMetaData:
    return SimpleResultMetaData([(name or b"").decode() for name in columns])


def _as_the_mapper_says_it(
    error: psycopg.Error, asked: Asked, connection: Connection, *, is_lost: bool
) -> BaseException:
    """Return a failure as whoever asks the mapper knows it."""
    return DBAPIError.instance(
        asked.sql,
        None,  # what somebody typed stands in no message of a failure
        error,
        psycopg.Error,
        hide_parameters=True,
        connection_invalidated=is_lost,
        dialect=connection.dialect,
    )
