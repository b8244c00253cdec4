"""A database of a test's own, empty: one for a worker's whole run, emptied before each test.

Making a database and dropping it is a thousand files each way, and a file system looks long for a
place among files that were deleted a moment ago (a second for every database, on ext4). Rows are
deleted instead, past triggers and foreign keys, what the template brings is written again,
sequences begin anew, and whoever is connected is sent away. A test that changed the shape of
tables, or a right, has the next one made anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from kernel import testing

_OWN = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"

# Every change of a shape or a right leaves a younger row in one of these.
_SHAPE = " UNION ALL ".join(
    f"SELECT '{catalog}', count(*), max(xmin::text::bigint) FROM {catalog}"
    for catalog in (
        "pg_class",
        "pg_attribute",
        "pg_attrdef",
        "pg_constraint",
        "pg_index",
        "pg_trigger",
        "pg_policy",
        "pg_proc",
        "pg_type",
    )
)
_TABLES = f"""
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND {_OWN} AND pg_relation_size(c.oid) > 0
"""
_SEQUENCES = """
    SELECT schemaname, sequencename, start_value FROM pg_sequences WHERE last_value IS NOT NULL
"""
_SEND_AWAY = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Emptied:
    """A database that is made once, from a template, and is like it whenever it is asked for."""

    def __init__(self, template: str) -> None:
        self._template = template
        self._name = ""
        self._shape: list[Any] = []
        self._rows: list[tuple[sql.Identifier, list[bytes]]] = []

    def name(self) -> str:
        """Return the name of a database in which nothing has happened."""
        if self._name and not self._emptied():
            self.drop()
        if not self._name:
            self._name = testing.create_database(template=self._template)
            with self._connected() as own:
                self._shape = own.execute(_SHAPE).fetchall()
                self._rows = [(table, _read(own, table)) for table in _filled(own)]
        return self._name

    def drop(self) -> None:
        """Drop it."""
        if self._name:
            testing.drop_database(self._name)
            self._name = ""

    def _emptied(self) -> bool:
        """Empty it; tell whether its tables are as they were made."""
        with self._connected() as own:
            own.execute(_SEND_AWAY)
            if own.execute(_SHAPE).fetchall() != self._shape:
                return False
            own.execute("SET session_replication_role = replica")
            for table in _filled(own):
                own.execute(sql.SQL("DELETE FROM {}").format(table))
            for table, rows in self._rows:
                _write(own, table, rows)
            for schema, name, first in own.execute(_SEQUENCES).fetchall():
                sequence = sql.Identifier(schema, name).as_string(own)
                own.execute("SELECT setval(%s, %s, false)", (sequence, first))
        return True

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        url = testing.on_database(self._name).replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection


def _filled(own: psycopg.Connection[Any]) -> list[sql.Identifier]:
    return [sql.Identifier(*names) for names in own.execute(_TABLES).fetchall()]


def _read(own: psycopg.Connection[Any], table: sql.Identifier) -> list[bytes]:
    with own.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as rows:
        return [bytes(part) for part in rows]


def _write(own: psycopg.Connection[Any], table: sql.Identifier, rows: list[bytes]) -> None:
    with own.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as target:
        for part in rows:
            target.write(part)
