"""The database's shape: schemas, tables and what tables cannot say, in floor order."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from kernel.db import Base
from kernel.manifest import load_house

EXTENSIONS = ("pg_trgm", "unaccent")


def statements() -> Iterator[str]:
    """Yield the DDL of the whole house, in an order that runs on an empty database."""
    manifests = load_house()
    for manifest in manifests:
        yield f"CREATE SCHEMA IF NOT EXISTS {manifest.name}"
    for extension in EXTENSIONS:
        yield f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA public"

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in Base.metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect)).strip()
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            yield str(CreateIndex(index).compile(dialect=dialect)).strip()
    for manifest in manifests:
        for name in manifest.sql:
            yield (manifest.folder / name).read_text(encoding="utf-8")


def create_all(connection: Connection) -> None:
    """Create everything on an empty database (tests; installations migrate)."""
    run_script(connection, script())
    grant(connection)


def grant(connection: Connection) -> None:
    """Give the serving role its rights on what stands; after every migration."""
    run_script(connection, (Path(__file__).parent / "sql/rights.sql").read_text(encoding="utf-8"))


def script() -> str:
    """Return the DDL as one text, which the first migration keeps."""
    return "".join(statement.rstrip().rstrip(";") + ";\n\n" for statement in statements())


def run_script(connection: Connection, ddl: str) -> None:
    """Run many statements at once; the driver's own cursor takes them without parameters."""
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(ddl)


if __name__ == "__main__":
    sys.stdout.write(script())
