"""All processes of an installation under one command: started in order, stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from kernel import embedded
from kernel.config import settings
from kernel.logging import log
from kernel.ops.backups import archive

# A process here works on one thing at a time, whatever its threads: a heap for each of them would
# only keep freed memory apart.
THRIFTY = {"MALLOC_ARENA_MAX": "2"}


@dataclass
class Family:
    """Child processes that live and die together; ended by their own ids.

    Shape: children maps a name to its process.
    """

    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    is_stopping: bool = False

    def start(self, name: str, *arguments: str, log_dir: Path | None = None) -> None:
        """Start `entrepot <arguments>` as a child, its output in var/log/<name>.log."""
        folder = log_dir or settings().var / "log"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{name}.log").open("ab") as output:
            self.children[name] = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "kernel", *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=THRIFTY | os.environ,
            )

    def stop(self) -> None:
        """Ask every child to end, wait, and end the stubborn."""
        self.is_stopping = True
        for child in self.children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 15
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def first_dead(self) -> str | None:
        """Return the name of a child that ended, None while all live."""
        return next((n for n, c in self.children.items() if c.poll() is not None), None)


def start_servers() -> None:
    """Start the embedded PostgreSQL and Redis and hand their addresses to children."""
    if not settings().database_url:
        archive.follow_setting()
        os.environ["ENTREPOT_DATABASE_URL"] = embedded.postgres_url()
    if not settings().redis_url:
        os.environ["ENTREPOT_REDIS_URL"] = embedded.redis_url()
    os.environ["ENTREPOT_VAR"] = str(settings().var.absolute())
    settings.cache_clear()


def start_family(*, port: int) -> Family:
    """Start web, worker, relay, scheduler and the simulated card network."""
    # Mails, webhooks and the way back from the card page need the address this shop answers at.
    os.environ.setdefault("ENTREPOT_BASE_URL", f"http://127.0.0.1:{port}")
    settings.cache_clear()
    family = Family()
    if settings().demo and not settings().stripe_api_base:
        # Any free port: it writes its address down, and two installations may share a machine.
        family.start("card-network", "card-network", "--port", "0")
    family.start("relay", "relay")
    family.start("scheduler", "scheduler")
    family.start("worker", "worker")
    family.start("web", "serve", "--port", str(port))
    return family


def run_all(*, port: int) -> int:
    """Run until a signal comes or a process dies; return the exit status."""
    start_servers()
    subprocess.run([sys.executable, "-m", "kernel", "migrate"], check=True)
    family = start_family(port=port)

    def leave(_number: int, _frame: FrameType | None) -> None:
        family.is_stopping = True

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    try:
        while not family.is_stopping:
            dead = family.first_dead()
            if dead:
                log.error("%s ended; see var/log/%s.log", dead, dead)
                return 1
            time.sleep(0.3)
    finally:
        family.stop()
    return 0
