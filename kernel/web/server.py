"""How gunicorn serves the house: a configuration that it reads as a module.

The application is built once, before the workers fork, so that they share its code and templates.
Nothing that cannot be shared is open by then: pools and clients are made on first use, and what a
package opened while it was built is closed before a worker begins.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

from kernel import answering, db, replicas
from kernel.config import settings
from kernel.logging import gunicorn_logging
from kernel.telemetry import starting
from kernel.web.listening import PatientWorker

wsgi_app = "wsgi:create_app()"
chdir = str(Path(__file__).parents[2])
preload_app = True
workers = settings().web_workers
worker_class = PatientWorker
threads = 4
timeout = 60
keepalive = 15
control_socket_disable = True
# A worker says that it lives by touching a file: in memory, a slow disk cannot silence it.
_MEMORY = "/dev/shm"  # noqa: S108 - gunicorn makes its files by mkstemp, under names nobody guesses
worker_tmp_dir = _MEMORY if Path(_MEMORY).is_dir() else None
loglevel = "warning"
logconfig_dict = gunicorn_logging(settings().log_format)


def pre_fork(_server: Any, _worker: Any) -> None:  # noqa: ANN401 - gunicorn ships no types
    """Close what must not be shared, and set the rest aside from the collector.

    What a page may wait for is less than what a job may.

    The collector writes into everything it looks at, which would copy the shared memory. A page
    makes tens of thousands of short-lived objects; looking through them every 700 found nothing
    and took a twentieth of the page.
    """
    db.dispose()
    replicas.forget()
    answering.allow(answering.PAGES)
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def post_fork(_server: Any, _worker: Any) -> None:  # noqa: ANN401 - gunicorn ships no types
    """Begin what a worker shows of itself, with files and threads of its own."""
    starting.begin("web")
