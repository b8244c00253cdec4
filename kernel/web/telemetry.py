"""What is told of each request: one line, without anybody's address, name or token."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

from kernel.telemetry import statements

log = logging.getLogger("entrepot.requests")


def install(app: Flask) -> None:
    """Look at each request from its first moment to its last; installed before everything else.

    Flask asks first what was installed first, and after the view last.
    """

    @app.before_request
    def begin() -> None:
        g.begun = time.perf_counter()
        g.statements_before = statements.sent()

    @app.after_request
    def end(response: Response) -> Response:
        passed = time.perf_counter() - g.get("begun", time.perf_counter())
        told = {
            "method": request.method if request.method in METHODS else "other",
            "route": route(),
            "status": response.status_code,
            "ms": round(passed * 1000, 1),
            "bytes": response.content_length or 0,
            "statements": statements.sent() - g.get("statements_before", statements.sent()),
        }
        log.info("answered", extra={"fields": told})
        return response


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def route() -> str:
    """Return the pattern of the request's address, never what somebody put into it."""
    return request.url_rule.rule if request.url_rule is not None else "none"
