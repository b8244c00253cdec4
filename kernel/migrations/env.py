"""Alembic's entry: one connection, one transaction per upgrade, every schema of the house."""

from alembic import context
from sqlalchemy import create_engine

from kernel.db import SCHEMAS, Base
from kernel.manifest import load_house
from kernel.schema import grant


def run() -> None:
    """Run the migrations on the configured database."""
    load_house()
    engine = create_engine(str(context.config.get_main_option("sqlalchemy.url")))
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_schemas=True,
            include_name=lambda name, kind, _parents: kind != "schema" or name in SCHEMAS,
        )
        with context.begin_transaction():
            context.run_migrations()
            if connection.dialect.has_schema(connection, "kernel"):  # not after the last downgrade
                grant(connection)
    engine.dispose()


run()
