"""Logs: one line per fact, with the request's id; no personal data, no secrets."""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("entrepot_request_id", default="-")

log = logging.getLogger("entrepot")


class _WithRequest(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


def set_up(level: str = "INFO") -> None:
    """Send logs of this process to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_WithRequest())
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(process)d %(request_id)s %(message)s")
    )
    log.handlers[:] = [handler]
    log.setLevel(level)
    log.propagate = False
