"""Alembic's entry: one connection, one transaction per upgrade, every schema of the house."""

from alembic import context
from sqlalchemy import create_engine

from kernel.db import Base
from kernel.manifest import load_house, packages
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
            include_name=lambda name, kind, _parents: kind != "schema" or name in packages(),
        )
        with context.begin_transaction():
            context.run_migrations()
            if connection.dialect.has_schema(connection, "kernel"):  # not after the last downgrade
                grant(connection)
    engine.dispose()


run()
