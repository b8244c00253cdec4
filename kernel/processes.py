"""All processes of an installation under one command: started in order, looked after, stopped.

What falls is started again, after a pause that grows; the embedded servers too. What falls again
and again is given up with a last word, and everything ends with it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psutil

from kernel import embedded
from kernel.config import settings
from kernel.log_files import MOST_BYTES, keep_within
from kernel.logging import log, set_up
from kernel.ops.backups import archive

# A process here works on one thing at a time, whatever its threads: a heap for each of them would
# only keep freed memory apart.
THRIFTY = {"MALLOC_ARENA_MAX": "2"}

# Seconds. The first pause before something that fell is started again, each next one twice as long.
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# Seconds of life after which a fall is a new misfortune, not the old one again.
WELL = 60.0
# Falls in a row, none of them after a minute of life: about three minutes of trying.
MOST_FALLS = 10
_LAST_LINES = 20
_LET_GO = embedded.ending_with_parent(signal.SIGTERM)


@dataclass
class Fate:
    """How often one thing fell in a row, and when it may be started again.

    Units: seconds of a clock that never jumps. Shape: falls counts only those since it was last
    well.
    """

    started_at: float
    falls: int = 0
    again_at: float | None = None

    def fell(self, now: float) -> None:
        """Note a fall, and when the next try is due."""
        self.falls = 1 if now - self.started_at > WELL else self.falls + 1
        self.again_at = now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self.falls - 1))

    def rose(self, now: float) -> None:
        """Note that it was started again."""
        self.started_at, self.again_at = now, None


@dataclass(frozen=True)
class Server:
    """An embedded server: it lives beside the processes and outlives them."""

    is_running: Callable[[], bool]
    start: Callable[[], object]


@dataclass
class Family:
    """Child processes and servers that are looked after together; ended by their own ids.

    Shape: children maps a name to its process, servers to what starts it.
    """

    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    servers: dict[str, Server] = field(default_factory=dict)
    is_stopping: bool = False
    _commands: dict[str, tuple[tuple[str, ...], dict[str, str]]] = field(default_factory=dict)
    _fates: dict[str, Fate] = field(default_factory=dict)

    def start(self, name: str, *arguments: str, **environment: str) -> None:
        """Start `entrepot <arguments>` as a child, its output in var/log/<name>.log.

        Shape: environment is what it finds there beside what we do.
        """
        file = _log_of(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab") as output:
            self.children[name] = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "kernel", *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=THRIFTY | os.environ | environment,
                # A killed family would leave a web server behind, which holds the next one's port.
                preexec_fn=_LET_GO,  # noqa: PLW1509 - makes one prctl call, which needs no lock that a thread could hold
            )
        self._commands[name] = arguments, environment
        self._fate(name).rose(time.monotonic())

    def start_anew(self, name: str, *arguments: str, **environment: str) -> None:
        """Ask a child to end, wait, and start another in its place."""
        _end([self.children[name]])
        self.start(name, *arguments, **environment)

    def stop(self) -> None:
        """Ask every child to end, wait, and end the stubborn."""
        self.is_stopping = True
        _end(list(self.children.values()))

    def first_dead(self) -> str | None:
        """Return the name of a child that ended, None while all live."""
        return next((n for n, c in self.children.items() if c.poll() is not None), None)

    def signs(self, name: str) -> tuple[int, ...]:
        """Return what changes while a child works: who it is, what it used and what it wrote.

        Units: whole seconds of the machine, bytes. What only waits uses less than one in a minute.
        """
        child = self.children[name]
        used = 0.0
        with suppress(psutil.Error):
            process = psutil.Process(child.pid)
            for one in [process, *process.children(recursive=True)]:
                times = one.cpu_times()
                used += times.user + times.system
        log_file = _log_of(name)
        return child.pid, int(used), log_file.stat().st_size if log_file.exists() else 0

    def look_after(self) -> str | None:
        """Start again what fell and whose pause is over; return the last word on what is given up.

        To be called again and again. Servers come first: without them nobody else comes up.
        """
        now = time.monotonic()
        for name, server in self.servers.items():
            if not server.is_running() and (word := self._raise(name, now)):
                return word
        for name, child in list(self.children.items()):
            if child.poll() is not None and (word := self._raise(name, now)):
                return word
        return None

    def run(self) -> str | None:
        """Look after everybody until a signal comes; return the last word when it is given up."""

        def leave(_number: int, _frame: FrameType | None) -> None:
            self.is_stopping = True

        signal.signal(signal.SIGTERM, leave)
        signal.signal(signal.SIGINT, leave)
        logs = _Logs()
        try:
            while not self.is_stopping:
                if word := self.look_after():
                    return word
                logs.keep()
                time.sleep(0.3)
        finally:
            self.stop()
        return None

    def _fate(self, name: str) -> Fate:
        return self._fates.setdefault(name, Fate(started_at=time.monotonic()))

    def _raise(self, name: str, now: float) -> str | None:
        fate = self._fate(name)
        if fate.again_at is None:
            fate.fell(now)
            if fate.falls > MOST_FALLS:
                return f"{name} ended {MOST_FALLS} times in a row and is given up. {_end_of(name)}"
            pause = (fate.again_at or now) - now
            log.warning("%s ended; it is started again in %.1f s", name, pause)
        elif now >= fate.again_at:
            try:
                self._start_again(name)
            except (RuntimeError, OSError, subprocess.SubprocessError) as failure:
                # A machine without memory, processes or disk for it: one fall more, and a pause.
                log.error("%s does not come up: %s", name, failure)
            fate.rose(time.monotonic())
        return None

    def _start_again(self, name: str) -> None:
        if name in self.servers:
            self.servers[name].start()
        else:
            arguments, environment = self._commands[name]
            self.start(name, *arguments, **environment)


class _Logs:
    """The bound of the logs. A full disk lets it fail, which is told once and ends nobody."""

    def __init__(self) -> None:
        self._is_failing = False
        self._again_at = 0.0

    def keep(self) -> None:
        """Keep them within their bound, or say that it cannot be done and try again later."""
        if time.monotonic() < self._again_at:
            return
        try:
            keep_logs()
        except OSError as failure:
            if not self._is_failing:
                log.error("the logs cannot be kept within their bound: %s", failure)
            self._is_failing = True
            self._again_at = time.monotonic() + LONGEST_PAUSE
            return
        if self._is_failing:
            log.warning("the logs are kept within their bound again")
        self._is_failing = False


def keep_logs(*, most_bytes: int = MOST_BYTES) -> None:
    """Keep what the processes write within a bound, and what the embedded servers write."""
    var = settings().var
    keep_within(var / "log", most_bytes=most_bytes)
    keep_within(var / "redis", most_bytes=most_bytes)
    keep_within(var / "postgres", "log", most_bytes=most_bytes)


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + 15
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _log_of(name: str) -> Path:
    return settings().var / "log" / f"{name}.log"


def _end_of(name: str) -> str:
    """Return the last lines that something wrote."""
    file = _log_of(name)
    if not file.exists():
        return ""
    with file.open(encoding="utf-8", errors="replace") as told:
        lines = deque(told, maxlen=_LAST_LINES)
    return "".join([f"The last lines of {file}:\n", *lines]).rstrip()


def start_servers() -> dict[str, Server]:
    """Start the embedded PostgreSQL and Redis, hand their addresses to children, and return both.

    Shape: by name; what a setting names is somebody else's to look after.
    """
    servers = {}
    if not settings().database_url:
        archive.follow_setting()
        os.environ["ENTREPOT_DATABASE_URL"] = embedded.postgres_url()
        servers["PostgreSQL"] = Server(embedded.is_postgres_running, embedded.postgres_url)
    if not settings().redis_url:
        os.environ["ENTREPOT_REDIS_URL"] = embedded.redis_url()
        servers["Redis"] = Server(embedded.is_redis_running, embedded.redis_url)
    os.environ["ENTREPOT_VAR"] = str(settings().var.absolute())
    settings.cache_clear()
    return servers


def start_family(*, port: int, servers: dict[str, Server] | None = None) -> Family:
    """Start web, worker, relay, scheduler and the simulated card network.

    Shape: servers are looked after with them.
    """
    family = open_family(port=port, servers=servers)
    let_work(family)
    return family


def open_family(*, port: int, servers: dict[str, Server] | None = None) -> Family:
    """Start web and the simulated card network: whom others call, and who does nothing unasked.

    Shape: servers are looked after with them.
    """
    # Mails, webhooks and the way back from the card page need the address this shop answers at.
    os.environ.setdefault("ENTREPOT_BASE_URL", f"http://127.0.0.1:{port}")
    settings.cache_clear()
    family = Family(servers=servers or {})
    if settings().demo and not settings().stripe_api_base:
        # Any free port: it writes its address down, and two installations may share a machine.
        family.start("card-network", "card-network", "--port", "0")
    family.start("web", "serve", "--port", str(port))
    return family


def let_work(family: Family, *, queues: Sequence[str] = ()) -> None:
    """Start relay, scheduler and worker. Shape: queues are those that are served, none for all."""
    family.start("relay", "relay")
    family.start("scheduler", "scheduler")
    family.start("worker", "worker", *(["--queues", ",".join(queues)] if queues else []))


def run_all(*, port: int) -> int:
    """Run until a signal comes or something is given up; return the exit status."""
    set_up(level=settings().log_level, form=settings().log_format, kind="family")
    servers = start_servers()
    subprocess.run([sys.executable, "-m", "kernel", "migrate"], check=True)
    word = start_family(port=port, servers=servers).run()
    if word:
        log.error("%s", word)
    return 1 if word else 0
