"""Runs the one history of migrations."""

from __future__ import annotations

import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.exc import OperationalError

from kernel.actor import SYSTEM
from kernel.db import database_url
from kernel.logging import log
from kernel.manifest import load, manifests

# Seconds that a migration waits for a table before it steps aside: behind it everybody else waits,
# readers too.
LOCK_TIMEOUT = 1
# Seconds that pass until it gives up.
PATIENCE = 600
_LONGEST_PAUSE = 10.0
# A lock that was not to be had, and a deadlock.
_IN_THE_WAY = {"55P03", "40P01"}


def config(url: str | None = None) -> Config:
    """Return alembic's configuration; there is no ini file to forget."""
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    # Percent signs of socket paths are alembic's interpolation marks.
    configuration.set_main_option("sqlalchemy.url", (url or database_url()).replace("%", "%%"))
    return configuration


def upgrade(revision: str = "head", *, url: str | None = None) -> None:
    """Go up to a revision, in the installation's database or in another, while people work there.

    Locks: one of its own, so that of two that were started one waits for the other; then what a
    migration changes, waited for a second at a time; in between everybody has their turn. What was
    done stays done, so a migration that stepped aside begins anew alone.
    """
    begun, pause = time.monotonic(), 0.5
    while True:
        try:
            command.upgrade(config(url), revision)
        except OperationalError as failure:
            state = getattr(failure.orig, "sqlstate", None)
            if state not in _IN_THE_WAY or time.monotonic() - begun > PATIENCE:
                raise
            log.warning(
                "a migration steps aside for %s s: its table is in use, or another runs", pause
            )
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        else:
            return


def downgrade(revision: str, *, url: str | None = None) -> None:
    """Go down to a revision, in the installation's database or in another."""
    command.downgrade(config(url), revision)


def load_reference_data() -> None:
    """Load every package's own dated data; rows that stand already stay."""
    for manifest in manifests():
        for path in manifest.reference:
            load(path)(actor=SYSTEM)
