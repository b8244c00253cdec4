"""The database's shape: schemas, tables and what tables cannot say, in floor order."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.schema import CreateIndex, CreateTable

from kernel.db import SCHEMAS, Base
from kernel.plug import load_house

EXTENSIONS = ("pg_trgm", "unaccent")


def statements() -> Iterator[str]:
    """Yield the DDL of the whole house, in an order that runs on an empty database."""
    plugs = load_house()
    for schema in SCHEMAS:
        yield f"CREATE SCHEMA IF NOT EXISTS {schema}"
    for extension in EXTENSIONS:
        yield f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA public"
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in Base.metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect)).strip()
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            yield str(CreateIndex(index).compile(dialect=dialect)).strip()
    for plug in plugs:
        for name in plug.sql:
            yield (plug.folder / name).read_text(encoding="utf-8")


def create_all(connection: Connection) -> None:
    """Create everything on an empty database (tests; installations migrate)."""
    for statement in statements():
        # Files hold several statements; the driver's own cursor runs them without parameters.
        connection.execute(text("SELECT 1"))
        connection.connection.cursor().execute(statement)
