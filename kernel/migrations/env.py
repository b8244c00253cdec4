"""Alembic's entry: one connection, one transaction per migration, every schema of the house."""

from alembic import context
from sqlalchemy import create_engine, text

from kernel.db import Base
from kernel.manifest import load_house
from kernel.migrate import LOCK_TIMEOUT
from kernel.schema import grant


def run() -> None:
    """Run the migrations on the configured database."""
    load_house()
    engine = create_engine(
        str(context.config.get_main_option("sqlalchemy.url")),
        connect_args={"options": f"-c lock_timeout={LOCK_TIMEOUT}s"},
    )
    try:
        with engine.connect() as connection:
            # One at a time: whoever comes second steps aside (kernel.migrate), and finds it done.
            with connection.begin():  # the lock is the session's and outlives it
                connection.execute(text("SELECT pg_advisory_lock(hashtext('entrepot.migrate'))"))
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                # What is done stays done, so that an upgrade that stops goes on where it stopped.
                transaction_per_migration=True,
            )
            context.run_migrations()
        with engine.begin() as connection:
            if connection.dialect.has_schema(connection, "kernel"):  # not after the last downgrade
                grant(connection)
    finally:
        engine.dispose()


run()
