"""Reports of faults to a service that gathers them, beside the work and never in its way.

What is sent is chosen field by field: the class of the error and where it was raised, the pattern
of the address, the ids of request and trace. There are no cookies, forms, headers, addresses or
values of variables to take out, because none is put in; an exception's words go through the same
sieve as a line of the logs. The protocol is Sentry's envelope, which several services speak.
Source: develop.sentry.dev, envelopes and event payloads.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections import OrderedDict
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

from kernel.config import settings
from kernel.logging import Here, request_id, scrubbed

Report = dict[str, Any]

# One report for the same fault in so many seconds, so many of all faults in a minute; what waits
# longer than the queue is dropped: a storm of faults is one fault, and the log has every one.
_AGAIN_S = 300.0
_MOST_A_MINUTE = 30
_MOST_WAITING = 50
_TIMEOUT_S = 5
_MOST_FRAMES = 50
_MOST_BYTES = 5 * 1024 * 1024


class ErrorReports(Protocol):
    """Takes reports of faults."""

    def send(self, report: Report) -> None:
        """Hand one report over. Raises: OSError, which requests' errors are."""


class EnvelopeClient:
    """A real service that speaks Sentry's protocol. Shape: a DSN is https://key@host/project."""

    def __init__(self, dsn: str) -> None:
        parts = urlsplit(dsn)
        path, _, project = parts.path.rpartition("/")
        port = f":{parts.port}" if parts.port else ""
        self._address = f"{parts.scheme}://{parts.hostname}{port}{path}/api/{project}/envelope/"
        self._auth = (
            f"Sentry sentry_version=7, sentry_client=entrepot/1, sentry_key={parts.username}"
        )
        self._quiet_until = 0.0

    def send(self, report: Report) -> None:
        """Send one envelope, unless the service asked for quiet."""
        import requests  # noqa: PLC0415 - only who has a service loads its client

        if time.monotonic() < self._quiet_until:
            return
        item = json.dumps(report).encode()
        head = {"event_id": report["event_id"]}
        kind = {"type": "event", "length": len(item)}
        body = b"\n".join([json.dumps(head).encode(), json.dumps(kind).encode(), item])
        answer = requests.post(
            self._address,
            data=body,
            headers={
                "Content-Type": "application/x-sentry-envelope",
                "X-Sentry-Auth": self._auth,
            },
            timeout=_TIMEOUT_S,
            allow_redirects=False,
        )
        if answer.status_code == 429:
            wait = answer.headers.get("Retry-After", "")
            self._quiet_until = time.monotonic() + (int(wait) if wait.isdigit() else 60)


class ReportFile:
    """The stand-in: one JSON object a line in a file of a demonstration, up to a bound."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, report: Report) -> None:
        """Write one report."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if not self._path.exists() or self._path.stat().st_size < _MOST_BYTES:
            with self._path.open("a", encoding="utf-8") as kept:
                kept.write(json.dumps(report) + "\n")


def gateway() -> ErrorReports | None:
    """Return where this installation reports faults, None where nowhere."""
    if settings().error_reports:
        return EnvelopeClient(settings().error_reports)
    return ReportFile(settings().var / "error-reports.jsonl") if settings().demo else None


def report_of(record: logging.LogRecord) -> Report:
    """Return what is told of a fault that was logged with its exception."""
    assert record.exc_info, "only what has a stack is a fault"
    kind, error, stack = record.exc_info
    trace = Here.trace() if Here.trace else None
    told: Report = {
        "event_id": uuid4().hex,
        "timestamp": datetime.now(UTC).isoformat(),
        "platform": "python",
        "level": record.levelname.lower(),
        "logger": record.name,
        "tags": {"process": Here.kind, "request_id": request_id.get()},
        "exception": {
            "values": [
                {
                    "type": kind.__name__ if kind else "",
                    "value": scrubbed(str(error))[:1000],
                    "stacktrace": {"frames": _frames(stack)},
                }
            ]
        },
    }
    if trace is not None:
        told["contexts"] = {"trace": {"trace_id": trace[0], "span_id": trace[1]}}
    return told


def _frames(stack: TracebackType | None) -> list[dict[str, Any]]:
    """Return where it happened, the outermost first: names of code, no values."""
    frames = []
    while stack is not None:
        code = stack.tb_frame.f_code
        frames.append(
            {
                "filename": "/".join(Path(code.co_filename).parts[-4:]),
                "function": code.co_name,
                "lineno": stack.tb_lineno,
                "module": str(stack.tb_frame.f_globals.get("__name__", "")),
            }
        )
        stack = stack.tb_next
    return frames[-_MOST_FRAMES:]


class Reporter(logging.Handler):
    """Takes faults from the log and hands them over in a thread of its own.

    Locks: its own, for what was told when. Whoever logs never waits for the service.
    """

    def __init__(self, reports: ErrorReports) -> None:
        super().__init__(logging.ERROR)
        self._reports = reports
        self._waiting: queue.Queue[Report] = queue.Queue(_MOST_WAITING)
        self._told: OrderedDict[tuple[str, ...], float] = OrderedDict()
        self._sending: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Note a fault, if it is one that was not told a moment ago."""
        if not record.exc_info or record.exc_info[0] is None:
            return
        report = report_of(record)
        if not self._is_news(report):
            return
        try:
            self._waiting.put_nowait(report)
        except queue.Full:
            return
        if self._sending is None or not self._sending.is_alive():
            self._sending = threading.Thread(target=self._send, name="reports", daemon=True)
            self._sending.start()

    def _is_news(self, report: Report) -> bool:
        """Whether nothing of this kind and place was told lately, nor too much of all kinds.

        The handler's own lock is held by whoever logs.
        """
        now = time.monotonic()
        while self._told and now - next(iter(self._told.values())) > _AGAIN_S:
            self._told.popitem(last=False)
        [one] = report["exception"]["values"]
        frames = one["stacktrace"]["frames"]
        last = frames[-1] if frames else {}
        key = (one["type"], str(last.get("module")), str(last.get("lineno")))
        recent = sum(now - at < 60 for at in self._told.values())
        if key in self._told or recent >= _MOST_A_MINUTE:
            return False
        self._told[key] = now
        return True

    def _send(self) -> None:
        while True:
            try:
                report = self._waiting.get(timeout=10)
            except queue.Empty:
                return
            try:
                self._reports.send(report)
            except OSError:
                # Told nowhere: the fault stands in the log, and the service is no part of the work.
                continue
            finally:
                self._waiting.task_done()


def begin() -> None:
    """Report the faults of this process from here on, where the installation wants it."""
    reports = gateway()
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, Reporter)]:
        root.removeHandler(handler)
    if reports is not None:
        root.addHandler(Reporter(reports))
