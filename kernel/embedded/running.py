"""What both embedded servers need: who lives in a folder, and patience while something moves."""

from __future__ import annotations

import ctypes
import hashlib
import os
import pwd
import stat
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

# Seconds without any movement after which a starting server is given up. A server that reads its
# log after a crash moves all the time, however long that takes.
STILL = 60.0
# Seconds in which a server that was told to start shows itself, or has failed.
GRACE = 5.0
# Bytes; a socket's path may have 107, and the name of the socket has its share.
_LONGEST_PATH = 80
# Not where TMPDIR says: that path may be as long as the one that was too long. `short` takes no
# folder there that is not its owner's alone.
_TEMPORARY = Path("/tmp")  # noqa: S108 - short() takes only a folder that nobody else can enter
_LAST_LINES = 20
_PR_SET_PDEATHSIG = 1


class ServerDown(RuntimeError):
    """An embedded server does not come up, or does not answer; tells its last lines."""


def ending_with_parent(number: int) -> Callable[[], None]:
    """Return what a new process runs first, so that it gets a signal when its parent ends.

    However that ends: a killed one has no other way to take its children along.
    """
    if sys.platform != "linux":
        return lambda: None
    # Looked up here, so that nothing is left between fork and start but one call of the system: it
    # waits for no lock that another thread of the parent may have held at that moment.
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, number)


def lock_of(folder: Path) -> Path:
    """Return the file whose lock is held while the server of a folder is started or stopped."""
    return folder.with_name(f"{folder.name}.lock")


def short(folder: Path, *, lent_to: str | None = None) -> Path:
    """Return where a server may put its socket: its folder, or one in /tmp for a long path.

    Shape: lent_to is the user whom root gave the folder to, for a server that will not be root's.

    Raises: ServerDown when the folder in /tmp is somebody else's: who owns it could answer in the
    server's place, since everybody may make one there.
    """
    if len(str(folder)) < _LONGEST_PATH:
        return folder
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    place = _TEMPORARY / f"entrepot-{os.geteuid()}-{digest}"
    place.mkdir(mode=0o700, exist_ok=True)
    found = place.lstat()  # a link leads to where somebody else wants it
    is_shut = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    if not is_shut or found.st_uid not in _owners(lent_to):
        raise ServerDown(
            f"{place} is no folder of ours that is shut to others, so a server in {folder} cannot"
            " put its socket there. Take it away, or choose a shorter ENTREPOT_VAR."
        )
    return place


def _owners(lent_to: str | None) -> set[int]:
    owners = {os.geteuid()}
    if lent_to is not None:
        with suppress(KeyError):  # before its first start that user is not there
            owners.add(pwd.getpwnam(lent_to).pw_uid)
    return owners


def server_at(pid: int, *, name: str, folder: Path) -> psutil.Process | None:
    """Return the process of a number when it is the server of a folder.

    After a crash the number may be a stranger's, or that of somebody dead whom nobody has fetched.
    Shape: name is how the program calls itself; a server works in its own folder.
    """
    try:
        found = psutil.Process(pid)
        with found.oneshot():
            is_dead = found.status() == psutil.STATUS_ZOMBIE
            is_ours = found.name() == name and Path(found.cwd()) == folder.resolve()
    except (psutil.Error, OSError):
        return None
    return found if is_ours and not is_dead else None


def servers_in(folder: Path, *, name: str) -> list[psutil.Process]:
    """Return every process of a program that works in a folder."""
    found = (server_at(pid, name=name, folder=folder) for pid in psutil.pids())
    return [process for process in found if process is not None]


def wait_until(
    done: Callable[[], bool],
    *,
    living: Callable[[], list[psutil.Process]],
    log: Path,
    words: str,
) -> None:
    """Wait for a server while it lives and something moves: its log, its use of the machine.

    Raises: ServerDown when it ended, or stood still for a minute.
    """
    begun = still_since = time.monotonic()
    signs: tuple[float, ...] = ()
    while not done():
        now = time.monotonic()
        processes = living()
        if not processes and now - begun > GRACE:
            raise ServerDown(f"{words}: it ended. {_last_lines(log)}")
        if (seen := _signs(processes, log)) != signs:
            signs, still_since = seen, now
        elif now - still_since > STILL:
            raise ServerDown(f"{words}: nothing moves. {_last_lines(log)}")
        time.sleep(0.05)


def _signs(processes: list[psutil.Process], log: Path) -> tuple[float, ...]:
    used = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        used += times.user + times.system
    return (len(processes), used, log.stat().st_size if log.exists() else 0)


def _last_lines(log: Path) -> str:
    if not log.exists():
        return f"It left no word in {log}."
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:]
    return "\n".join([f"The last lines of {log}:", *lines])
