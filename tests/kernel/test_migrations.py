"""The history of migrations leads to what models and SQL say, up and down, and never changes."""

import hashlib
import runpy
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from kernel import drafting, migrate, testing
from kernel.db import Base
from kernel.manifest import load_house, packages
from kernel.schema import grant, run_script, shape
from tests.kernel.upgrading.packing import pack

VERSIONS = Path(migrate.__file__).parent / "migrations" / "versions"

# An installation somewhere has run these. What is to change is a new migration.
FROZEN = {
    "0001_initial.sql": "07c13c1cb605d1fa397488f34b19236580ebe4229b17de2b8b1b11d636d6ac66",
}


def test_what_installations_have_run_never_changes():
    assert {
        name: hashlib.sha256((VERSIONS / name).read_bytes()).hexdigest() for name in FROZEN
    } == FROZEN


def test_migrations_are_one_row_in_the_order_of_their_numbers():
    history = ScriptDirectory.from_config(migrate.config("postgresql://"))
    row = [found.revision for found in history.walk_revisions()][::-1]
    assert row == sorted(row)
    assert row == sorted(path.name.partition("_")[0] for path in VERSIONS.glob("*.py"))


@pytest.fixture
def migrated():
    """A database that was built by migrations alone, and its address."""
    load_house()
    with testing.fresh_database() as name:
        url = testing.on_database(name)
        migrate.upgrade(url=url)
        engine = create_engine(url, poolclass=NullPool)
        yield engine, url
        engine.dispose()


@pytest.fixture
def created(template_database):
    """A database that was built from models and SQL, for a test to hurt."""
    with testing.fresh_database(template=template_database) as name:
        engine = create_engine(testing.on_database(name), poolclass=NullPool)
        yield engine
        engine.dispose()


def test_migrations_build_what_models_and_sql_say_and_go_down_again(migrated, created, tmp_path):
    """Columns by name, checks, indexes, functions, triggers, rights, and rows that came along."""
    engine, url = migrated
    with engine.connect() as connection, created.connect() as wanted:
        context = MigrationContext.configure(connection, opts=drafting.comparison())
        assert compare_metadata(context, Base.metadata) == []
        assert shape(connection) == shape(wanted)
        pack(connection, tmp_path / "migrated.xz")
        pack(wanted, tmp_path / "created.xz")
    assert (tmp_path / "migrated.xz").read_bytes() == (tmp_path / "created.xz").read_bytes()

    migrate.downgrade("base", url=url)
    assert not set(packages()) & set(inspect(engine).get_schema_names())


def test_every_step_down_undoes_its_step_up():
    load_house()
    with testing.fresh_database() as name:
        url = testing.on_database(name)
        engine = create_engine(url, poolclass=NullPool)
        history = ScriptDirectory.from_config(migrate.config(url))
        stood = {}
        for found in reversed([*history.walk_revisions()]):
            migrate.upgrade(found.revision, url=url)
            with engine.connect() as connection:
                stood[found.revision] = _looked_at(shape(connection))
        for revision in reversed([*stood][:-1]):
            migrate.downgrade(revision, url=url)
            with engine.connect() as connection:
                assert _looked_at(shape(connection)) == stood[revision], revision
        engine.dispose()


def _looked_at(found):
    """A check that was held against every row once stays so on the way down."""
    return {key: says.removesuffix(" NOT VALID") for key, says in found.items()}


def test_sql_of_rooms_may_run_again(created):
    """A migration brings a changed file as it is: it replaces what stands."""
    with created.begin() as connection:
        before = shape(connection)
        for plug in load_house():
            for name in plug.sql:
                run_script(connection, (plug.folder / name).read_text(encoding="utf-8"))
        assert shape(connection) == before


# A column with its check, a table with its trigger, a check, a trigger and a function are missing;
# a function says something else; a check and a function stand that nobody wants.
_AN_OLDER_HOUSE = """
ALTER TABLE kernel.photo DROP COLUMN alt;
DROP TABLE kernel.safety_log;
ALTER TABLE kernel.photo DROP CONSTRAINT ck_photo_measures_are_positive;
ALTER TABLE kernel.photo ADD CONSTRAINT ck_photo_is_small CHECK (size < 9000000);
DROP TRIGGER audit_is_evidence ON kernel.audit;
DROP FUNCTION banking.first_wrong_account();
CREATE OR REPLACE FUNCTION kernel.refuse_change() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN RETURN NULL; END';
CREATE FUNCTION kernel.forgotten() RETURNS int LANGUAGE sql AS 'SELECT 1';
"""


def test_a_draft_leads_to_the_models_and_back(created, tmp_path):
    with created.connect() as connection:
        wanted = shape(connection)
        connection.exec_driver_sql(_AN_OLDER_HOUSE)
        older = shape(connection)
        made = drafting.draft(
            connection, wanted=wanted, revision="0009", before="0008", words="What is new."
        )
        made.write(tmp_path, "0009_what_is_new")
        path = tmp_path / "0009_what_is_new.py"
        steps = runpy.run_path(str(path))
        assert (steps["revision"], steps["down_revision"]) == ("0009", "0008")
        with Operations.context(MigrationContext.configure(connection)):
            steps["upgrade"]()
            grant(connection)
            assert shape(connection) == wanted
            steps["downgrade"]()
        assert shape(connection) == older


def test_every_table_of_evidence_refuses_by_right_what_its_trigger_refuses(db):
    """A new evidence table is covered without anybody thinking of it."""
    rows = db.execute(
        text(
            "SELECT tgrelid::regclass::text AS name, (bit_or(tgtype) & 16) <> 0 AS no_update,"
            " (bit_or(tgtype) & 8) <> 0 AS no_delete,"
            " has_table_privilege('entrepot_app', tgrelid, 'UPDATE') AS updates,"
            " has_table_privilege('entrepot_app', tgrelid, 'DELETE') AS deletes,"
            " has_table_privilege('entrepot_app', tgrelid, 'TRUNCATE') AS empties"
            " FROM pg_trigger WHERE tgfoid = 'kernel.refuse_change'::regproc GROUP BY tgrelid"
        )
    ).all()
    assert {"banking.entries", "banking.journals", "kernel.audit"} <= {row.name for row in rows}
    assert [row.name for row in rows if row.empties] == []
    assert [row.name for row in rows if row.no_update and row.updates] == []
    assert [row.name for row in rows if row.no_delete and row.deletes] == []
