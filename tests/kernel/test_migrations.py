"""The history of migrations leads to the models, up and down."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from kernel import migrate, testing
from kernel.db import Base
from kernel.manifest import load_house, packages


def test_migrations_build_what_the_models_say_and_go_down_again(monkeypatch):
    load_house()
    with testing.fresh_database() as name:
        url = testing.on_database(name)
        monkeypatch.setattr(migrate, "database_url", lambda: url)
        migrate.upgrade()
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection,
                opts={
                    "include_schemas": True,
                    "compare_type": True,
                    "include_name": lambda n, kind, _p: kind != "schema" or n in packages(),
                },
            )
            differences = compare_metadata(context, Base.metadata)
        assert differences == []

        migrate.downgrade("base")
        assert not set(packages()) & set(inspect(engine).get_schema_names())
        engine.dispose()


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
