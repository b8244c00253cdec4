"""Runs the one history of migrations."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from kernel.actor import SYSTEM
from kernel.db import database_url
from kernel.manifest import load, manifests


def config(url: str | None = None) -> Config:
    """Return alembic's configuration; there is no ini file to forget."""
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    # Percent signs of socket paths are alembic's interpolation marks.
    configuration.set_main_option("sqlalchemy.url", (url or database_url()).replace("%", "%%"))
    return configuration


def upgrade(revision: str = "head", *, url: str | None = None) -> None:
    """Go up to a revision, in the installation's database or in another."""
    command.upgrade(config(url), revision)


def downgrade(revision: str, *, url: str | None = None) -> None:
    """Go down to a revision, in the installation's database or in another."""
    command.downgrade(config(url), revision)


def load_reference_data() -> None:
    """Load every package's own dated data; rows that stand already stay."""
    for manifest in manifests():
        for path in manifest.reference:
            load(path)(actor=SYSTEM)
