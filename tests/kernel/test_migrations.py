"""The history of migrations leads to the models, up and down."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect
from sqlalchemy.pool import NullPool

from kernel import migrate, testing
from kernel.db import SCHEMAS, Base
from kernel.plug import load_house


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
                    "include_name": lambda n, kind, _p: kind != "schema" or n in SCHEMAS,
                },
            )
            differences = compare_metadata(context, Base.metadata)
        assert differences == []

        migrate.downgrade("base")
        assert not set(SCHEMAS) & set(inspect(engine).get_schema_names())
        engine.dispose()
