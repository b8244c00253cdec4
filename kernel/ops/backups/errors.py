"""Why a backup is not made, or not brought back; whoever reads it sits at a terminal."""

from __future__ import annotations


class BackupRefused(Exception):
    """Nothing was done, in one sentence that says why and what to do."""


class BackupDamaged(BackupRefused):
    """A backup does not hold what it says of itself."""
