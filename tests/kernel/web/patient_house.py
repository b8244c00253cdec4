"""A web process with a small application, for tests that are rude to it.

gunicorn reads this module as its configuration, and serves `answer` from it.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kernel.web import listening

worker_class = listening.PatientWorker
wsgi_app = "tests.kernel.web.patient_house:answer"
workers = 1
threads = 2
keepalive = 15
graceful_timeout = 5
control_socket_disable = True
loglevel = "warning"

listening.PATIENCE = int(os.environ.get("PATIENCE", listening.PATIENCE))
listening.MOST_CONNECTIONS = int(os.environ.get("MOST_CONNECTIONS", listening.MOST_CONNECTIONS))
listening.MOST_UNFINISHED = int(os.environ.get("MOST_UNFINISHED", listening.MOST_UNFINISHED))

# Somebody sets the clock: by so many seconds for each that passes.
if ahead := int(os.environ.get("CLOCK_RUNS_AHEAD", "0")):
    time.time = lambda: time.monotonic() * ahead


def answer(
    environ: dict[str, Any], start: Callable[[str, list[tuple[str, str]]], object]
) -> Iterable[bytes]:
    """Answer as a page does: a moment's work, a body of its usual length."""
    path = environ["PATH_INFO"]
    body = environ["wsgi.input"].read()
    begun = time.process_time()
    while time.process_time() - begun < 0.003:
        pass
    if path == "/large":
        start("200 OK", [("Content-Type", "text/plain")])
        return _pieces()
    if path.startswith("/slow"):
        time.sleep(1.5)
    text = body or b"x" * (300 if path.endswith("/brief") else 30_000)
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))])
    return [text]


def _pieces() -> Iterator[bytes]:
    for _ in range(1_500):
        yield b"x" * 10_000
