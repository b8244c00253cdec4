"""The web process: gunicorn's processes, waitress's patience.

gunicorn starts workers, shares the built application between them and restarts what falls. Its own
workers give each connection a thread while they read from it, so that sixteen visitors who say
nothing close the shop. Here waitress reads: one thread looks at all sockets, a request goes to a
thread once the whole of it has come, and the answer leaves by the first thread again. Somebody who
is silent, or slow, holds a socket and nothing else.
"""

from __future__ import annotations

import logging
import os
import resource
import socket
import sys
import time
from typing import Any

from gunicorn.workers.base import Worker
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher
from waitress.wasyncore import dispatcher, loop

from kernel.web import security

# Seconds. A request may stand still this long, and take as much longer as its bytes need on the
# slowest line.
PATIENCE = 20
# Bytes a second; a telephone at the edge of its network is faster.
SLOWEST_LINE = 2_000
# Connections of one process; above it whoever has been silent longest makes room.
MOST_CONNECTIONS = 4_000
# Bytes of unfinished requests in one process; they lie on the disk until they are whole.
MOST_UNFINISHED = 512 * 1024 * 1024
LARGEST_HEAD = 32 * 1024
# Above every form of the house, which refuses in the visitor's words what is too large.
LARGEST_BODY = 64 * 1024 * 1024
# Seconds. A stopping process still hears those who were about to ask on a connection they had kept.
LINGER = 1.0
# A page is computed for milliseconds on end, and the thread that reads would wait for the
# interpreter's usual five before each of its short turns.
SWITCH = 0.0005


class Refusal(ErrorTask):  # type: ignore[misc]  # waitress ships no types
    """What was no request, or too large for one: 400, 413, 431, 501, dressed as every answer is."""

    def execute(self) -> None:
        """Say what was wrong; the house was not asked, and dresses nothing itself."""
        self.response_headers.extend(security.of_a_refusal().items())
        super().execute()


class Visit(HTTPChannel):  # type: ignore[misc]  # waitress ships no types
    """One connection, and how long its present request or answer has been on the line.

    Units: seconds that pass whatever the wall clock is set to, bytes. Shape: since is None while
    nothing is on the line; is_read while the thread that reads is at it, is_for_reader when that
    thread answers itself.
    """

    error_task_class = Refusal
    since: float | None = None
    moved = 0
    is_read = False
    is_for_reader = False

    def __init__(self, *told: object, **named: object) -> None:
        """Begin to count, beside waitress, which counts by the wall clock."""
        self.moved_at = time.monotonic()
        super().__init__(*told, **named)

    def received(self, data: bytes) -> bool:
        """Take what came, and begin to count with the first byte of a request."""
        self.moved_at = time.monotonic()
        if self.since is None:
            self.since, self.moved = self.moved_at, 0
        self.moved += len(data)
        self.is_read = True
        was_taken = bool(super().received(data))
        self.is_read = False
        if self.is_for_reader:
            self.is_for_reader = False
            self.service()
        return was_taken

    def service(self) -> None:
        """Let the house answer; what it took for that is not the visitor's time."""
        super().service()
        if not self.total_outbufs_len:
            self.since = None

    def write_soon(self, data: bytes) -> int:
        """Take some of the answer, and count from its first byte on that nobody has sent yet.

        Before it can be seen that there is something to send: the thread that reads looks at any
        moment who is silent, also while this one waits for the processor.
        """
        if not self.total_outbufs_len:
            self.since = self.moved_at = time.monotonic()
            self.moved = 0
        return int(super().write_soon(data))

    def send(self, data: bytes, *, do_close: bool = True) -> int:
        """Send some of the answer, and count it."""
        sent = int(super().send(data, do_close=do_close))
        self.moved += sent
        if sent:
            self.moved_at = time.monotonic()
        if self.since is not None and not self.requests and sent >= self.total_outbufs_len:
            self.since = None
        return sent

    @property
    def is_being_answered(self) -> bool:
        """Whether the house is at work on it, so that the visitor need not do anything."""
        return bool(self.requests) and not self.total_outbufs_len

    @property
    def unfinished(self) -> int:
        """How many bytes of a body have come that is not whole yet."""
        return self.request.body_bytes_received if self.request is not None else 0

    def is_over(self, now: float) -> bool:
        """Whether it was silent, or slow, for too long."""
        if self.is_being_answered:
            return False
        if self.since is None:
            return bool(now - self.moved_at > self.adj.channel_timeout)
        is_stuck = now - self.moved_at > PATIENCE
        return is_stuck or now - self.since > PATIENCE + self.moved / SLOWEST_LINE


# Whether the process lives is answered by the thread that reads, which waits for nobody: a database
# that stands still may hold all the others.
ALIVE = "/healthz"


class Door(TcpWSGIServer):  # type: ignore[misc]  # waitress ships no types
    """The listening socket of a process. Shape: active_channels are the visits, by descriptor."""

    channel_class = Visit
    next_channel_cleanup = 0.0

    def add_task(self, task: Visit) -> None:
        """Give a request to a thread that answers, or answer that the process lives."""
        if task.is_read and getattr(task.requests[0], "path", "") == ALIVE:
            task.is_for_reader = True  # not here: the visit holds its lock
        else:
            super().add_task(task)

    def maintenance(self, now: float) -> None:
        """End visits that are over, and the largest unfinished ones when they are too much."""
        visits: list[Visit] = list(self.active_channels.values())
        for visit in visits:
            if visit.is_over(now):
                visit.handle_close()  # at once: whoever is deaf would not let it be closed later
        much = sum(visit.unfinished for visit in visits) - MOST_UNFINISHED
        if much > 0:
            for visit in sorted(visits, key=lambda one: one.unfinished, reverse=True):
                much -= visit.unfinished
                visit.handle_close()
                if much <= 0:
                    break

    def handle_accept(self) -> None:
        """Let somebody in; in a full house whoever has been silent longest makes room."""
        super().handle_accept()
        if len(self.active_channels) > self.adj.connection_limit:
            waiting = [v for v in self.active_channels.values() if not v.is_being_answered]
            if waiting:
                min(waiting, key=lambda visit: visit.moved_at).handle_close()

    def readable(self) -> bool:
        """Listen as long as the door is open, and look after the visits once a second."""
        now = time.monotonic()
        if now >= self.next_channel_cleanup:
            self.next_channel_cleanup = now + self.adj.cleanup_interval
            self.maintenance(now)
        return bool(self.accepting)


class PatientWorker(Worker):  # type: ignore[misc]  # gunicorn ships no types
    """A process of gunicorn's that reads, and sends, without a thread for each connection."""

    doors: tuple[Door, ...] = ()
    shown_at = 0.0

    def run(self) -> None:
        """Serve until told to stop; then answer what was asked, and end."""
        sys.setswitchinterval(SWITCH)
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        threads = ThreadedTaskDispatcher()
        threads.set_thread_count(self.cfg.threads)
        sockets: dict[int, Any] = {}
        self.doors = tuple(
            _opened(one.sock, self.wsgi, threads, sockets, self.cfg.keepalive)
            for one in self.sockets
        )
        # Without its parent nobody would ever end this process.
        while self.alive and self.ppid == os.getppid():
            self._turn(sockets)
        for door in self.doors:
            dispatcher.close(door)  # what it still has to answer needs the rest of it
        self._answer_the_last(sockets)
        threads.shutdown()

    def handle_exit(self, sig: int, frame: object) -> None:
        """Be told to stop, also in the middle of waiting."""
        super().handle_exit(sig, frame)
        for door in self.doors:
            door.pull_trigger()

    def notify(self) -> None:
        """Show that this process lives, once a second; turns come as often as visitors do."""
        if (now := time.monotonic()) - self.shown_at >= 1:
            self.shown_at = now
            super().notify()

    def _turn(self, sockets: dict[int, Any]) -> None:
        self.notify()
        loop(timeout=1, use_poll=True, map=sockets, count=1)

    def _answer_the_last(self, sockets: dict[int, Any]) -> None:
        begun = time.monotonic()
        while (gone := time.monotonic() - begun) < self.cfg.graceful_timeout:
            visits = [one for one in sockets.values() if isinstance(one, Visit)]
            busy = [one for one in visits if one.requests or one.total_outbufs_len]
            if not visits or (gone > LINGER and not busy):
                return
            self._turn(sockets)


def _opened(
    listener: socket.socket,
    application: Any,  # noqa: ANN401 - whatever gunicorn has loaded
    threads: ThreadedTaskDispatcher,
    sockets: dict[int, Any],
    keep_alive: int,
) -> Door:
    """Return the door at a socket that gunicorn listens at."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    listener.settimeout(0)
    chosen = Adjustments(
        sockets=[listener],
        # A visit has a descriptor, and one each for a request and an answer that lie on the disk.
        connection_limit=min(MOST_CONNECTIONS, most // 4),
        channel_timeout=keep_alive,
        cleanup_interval=1,
        max_request_header_size=LARGEST_HEAD,
        max_request_body_size=LARGEST_BODY,
        log_socket_errors=False,
        ident="",  # nobody has to know what answers here
        # Which of them are believed, `ENTREPOT_TRUSTED_PROXIES` says.
        clear_untrusted_proxy_headers=False,
    )
    where = (listener.family, listener.type, listener.proto, listener.getsockname())
    return Door(
        application,
        map=sockets,
        _sock=listener,
        dispatcher=threads,
        adj=chosen,
        sockinfo=where,
        bind_socket=False,
    )
