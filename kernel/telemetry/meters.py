"""Where figures are kept and read; only a process that was asked for them loads this module.

The processes of a server write into mapped files beside each other, so that whoever is asked tells
for all of them. A file belongs to a slot and not to a process: who takes a dead one's place goes on
with its figures, and files are never more than processes lived at once.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import sys
import threading
import time
from collections import Counter as Counted
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

from kernel.locking import alone
from kernel.logging import log
from kernel.telemetry.metrics import Figure, Labels

# Prometheus' client decides at its import whether processes share their figures.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", "unused")

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector

OTHER = "other"
# How many are answered at a time, and the seconds in which somebody asks and takes the answer.
MOST_ASKERS = 8
ASKED_WITHIN = 5.0


class Slot:
    """The files of this process: its own as long as it lives, taken over by whoever comes next.

    Locks: a file of its own, until the process ends, however that happens.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._process = os.getpid()
        with alone(folder / "slots.lock"):
            taken = [_held(path) for path in sorted(folder.glob("slot-*.lock"))]
            if not any(taken):
                # Nobody lives here: what the last ones left counts for nothing.
                for path in folder.glob("*.db"):
                    path.unlink()
            for number in count():
                self._lock = (folder / f"slot-{number}.lock").open("w")
                try:
                    fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    self._lock.close()
                    continue
                self._name, self._child = str(number), f"{number}c"
                return

    def leave(self) -> None:
        """Let somebody else go on with the files."""
        self._lock.close()

    def name(self) -> str:
        """Return what the files are called after; a child that does one job has its own."""
        return self._name if os.getpid() == self._process else self._child


def _held(path: Path) -> bool:
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


class Meters:
    """The figures of one process, in a folder that all of its kind share.

    Locks: its own, while a figure or a combination of labels is met first.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._slot = Slot(folder)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        # The client types all but this and the two calls below.
        values.ValueClass = values.MultiProcessValue(  # type: ignore[no-untyped-call]
            process_identifier=self._slot.name
        )
        self._registry = CollectorRegistry()
        self._lock = threading.Lock()
        self._kept: dict[str, Any] = {}
        self._children: dict[tuple[str, Labels], Any] = {}
        self._count: Counted[str] = Counted()

    def of(self, figure: Figure, labels: Labels) -> Any:  # noqa: ANN401 - a counter, gauge or histogram
        """Return what a figure keeps for a combination of labels, or for all that are too many."""
        found = self._children.get((figure.name, labels))
        return found if found is not None else self._child(figure, labels)

    def _child(self, figure: Figure, labels: Labels) -> Any:  # noqa: ANN401 - one of three kinds
        with self._lock:
            if figure.name not in self._kept:
                self._kept[figure.name] = _made(figure, self._registry)
            kept = self._kept[figure.name]
            if not figure.labels:
                child = kept
            elif self._count[figure.name] < figure.most:
                self._count[figure.name] += 1
                child = kept.labels(*labels)
            else:
                return kept.labels(*[OTHER] * len(figure.labels))
            self._children[figure.name, labels] = child
            return child

    def close(self) -> None:
        """Keep nothing from here on."""
        values.close_all_multiprocess_files()  # type: ignore[no-untyped-call]  # as above
        self._slot.leave()

    def text(self) -> bytes:
        """Return what all processes of the folder come to, as Prometheus reads it."""
        together = CollectorRegistry()
        MultiProcessCollector(  # type: ignore[no-untyped-call]  # as above
            together, path=str(self._folder)
        )
        return generate_latest(together)


def _made(figure: Figure, registry: CollectorRegistry) -> Counter | Gauge | Histogram:
    if figure.kind == "counter":
        return Counter(figure.name, figure.holds, figure.labels, registry=registry)
    if figure.kind == "gauge":
        return Gauge(
            figure.name,
            figure.holds,
            figure.labels,
            registry=registry,
            multiprocess_mode=figure.across,
        )
    return Histogram(
        figure.name, figure.holds, figure.labels, registry=registry, buckets=figure.buckets
    )


# What the base class takes for whoever asks.
_Asker = socket.socket | tuple[bytes, socket.socket]


class _Server(ThreadingHTTPServer):
    """The listener for figures: whoever says nothing gives way to whoever comes next.

    Shape: askers are open connections, the one that came first before the others.
    """

    # Each process of a kind listens, and any of them answers for all.
    allow_reuse_port = True
    daemon_threads = True
    # Knocks that wait: a full queue costs whoever knocks then a second each.
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], answers: type[BaseHTTPRequestHandler]) -> None:
        self._askers: dict[socket.socket, None] = {}
        self._left = threading.Condition()
        super().__init__(address, answers)

    def process_request(self, request: _Asker, client_address: object) -> None:
        """Answer in a thread of its own; where all are taken, once somebody has made room."""
        assert isinstance(request, socket.socket), "the other kind is for datagrams"
        with self._left:
            while len(self._askers) >= MOST_ASKERS:
                self._hurry()
            self._askers[request] = None
        super().process_request(request, client_address)

    def _hurry(self) -> None:
        """Let one after the other end, the oldest first, until there is room."""
        for asker in list(self._askers):
            with suppress(OSError):  # it hung up itself
                # Ends the reading. What is being answered goes on, and ends within its time.
                asker.shutdown(socket.SHUT_RD)
            if self._left.wait_for(lambda: len(self._askers) < MOST_ASKERS, timeout=0.1):
                return

    def shutdown_request(self, request: _Asker) -> None:
        """Hang up, and make room for another."""
        assert isinstance(request, socket.socket), "as above"
        super().shutdown_request(request)
        with self._left:
            self._askers.pop(request, None)
            self._left.notify()

    def handle_error(self, _request: _Asker, _client_address: object) -> None:
        """Tell what failed, unless it is that somebody hung up."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            log.exception("the figures could not be told")


def serve(meters: Meters, host: str, port: int) -> ThreadingHTTPServer:
    """Answer `/metrics` at an address of its own, beside the work of this process."""

    class Answers(BaseHTTPRequestHandler):
        timeout = ASKED_WITHIN

        def do_GET(self) -> None:
            is_here = self.path == "/metrics"
            body = meters.text() if is_here else b""
            self.send_response(200 if is_here else 404)
            self.send_header("Content-Type", CONTENT_TYPE_LATEST)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_about: object) -> None:
            """Say nothing: somebody asks every few seconds."""

    server = _Server((host, port), Answers)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


def clear_up(var: Path) -> None:
    """Take away what machines left that are gone: each container has another name than the last.

    One that lives holds its files; one that only begins is younger than an hour.
    """
    for machine in (var / "metrics").glob("*"):
        is_old = machine.stat().st_mtime < time.time() - 3600
        if machine.name == socket.gethostname() or not is_old:
            continue
        if not any(_held(path) for path in machine.glob("*/slot-*.lock")):
            shutil.rmtree(machine, ignore_errors=True)


def folder_of(var: Path, kind: str) -> Path:
    """Return where the processes of a kind on this machine keep their figures."""
    return var / "metrics" / socket.gethostname() / kind
