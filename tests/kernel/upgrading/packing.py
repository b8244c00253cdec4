"""What an installation holds, as one compressed script: `COPY` for every table, then its sequences.

Sorted, so that the same rows give the same file. `psql` reads it too.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, text

_TABLES = text(
    """
    SELECT format('%I.%I', n.nspname, c.relname) AS name, string_agg(format('%I', a.attname), ', '
        ORDER BY a.attname) AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attgenerated = ''
        AND n.nspname = ANY(:schemas)
    GROUP BY n.nspname, c.relname ORDER BY n.nspname, c.relname
    """
)
_SEQUENCES = text(
    """
    SELECT format('%I.%I', schemaname, sequencename) AS name, last_value FROM pg_sequences
    WHERE schemaname = ANY(:schemas) AND last_value IS NOT NULL ORDER BY 1
    """
)
_SCHEMAS = {"schemas": ["kernel", "banking", "insurance", "search", "marketplace"]}

KEPT = Path(__file__).parent / "kept"


def pack(connection: Connection, path: Path) -> None:
    """Write every row of the house and where its sequences stand."""
    with lzma.open(path, "wb", preset=9 | lzma.PRESET_EXTREME) as packed:
        for table in connection.execute(_TABLES, _SCHEMAS).all():
            named = table.columns
            rows = b"".join(
                _copied(connection, f"SELECT {named} FROM {table.name} ORDER BY {named}")
            )
            if rows:
                packed.write(f"COPY {table.name} ({named}) FROM STDIN;\n".encode())
                packed.write(rows + b"\\.\n")
        for name, value in connection.execute(_SEQUENCES, _SCHEMAS).all():
            packed.write(f"SELECT setval('{name}', {value});\n".encode())


def unpack(connection: Connection, path: Path) -> None:
    """Bring every row back into tables of the shape they came from."""
    with closing(connection.connection.cursor()) as cursor:
        # Rows come by table, not in the order they were made: what they point at comes later, and
        # what triggers did to them they carry already.
        cursor.execute("SET LOCAL session_replication_role = replica")
        with lzma.open(path, "rb") as packed:
            lines = iter(packed)
            for line in lines:
                if line.startswith(b"SELECT"):
                    cursor.execute(line)
                    continue
                table = line.split(b" ", 2)[1]
                cursor.execute(b"DELETE FROM " + table)  # what the migrations brought is among it
                with cursor.copy(line.rstrip(b";\n")) as copy:
                    for row in iter(lambda: next(lines), b"\\.\n"):
                        copy.write(row)


def _copied(connection: Connection, query: str) -> Iterator[bytes]:
    with (
        closing(connection.connection.cursor()) as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT") as copy,
    ):
        yield from (bytes(part) for part in copy)
