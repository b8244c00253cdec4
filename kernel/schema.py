"""The database's shape: schemas, tables and what tables cannot say, in floor order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, text
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
    """Return the DDL as one text."""
    return "".join(statement.rstrip().rstrip(";") + ";\n\n" for statement in statements())


def shape(connection: Connection) -> dict[tuple[str, str], str]:
    """Return what stands in the house's schemas, with every right, so that two can be compared.

    Shape: kind and name of a table, column, constraint, function, trigger, … to what it says.
    """
    query = (Path(__file__).parent / "sql/shape.sql").read_text(encoding="utf-8")
    return {(kind, name): says for kind, name, says in connection.execute(text(query))}


def run_beside(connection: Connection, migration: str, ending: str) -> None:
    """Run what lies beside a migration, in words that were frozen with it.

    Shape: migration is its file, ending replaces that file's `.py`.
    """
    run_script(connection, Path(migration).with_suffix(ending).read_text(encoding="utf-8"))


def run_script(connection: Connection, ddl: str) -> None:
    """Run many statements at once; the driver's own cursor takes them without parameters."""
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(ddl)
