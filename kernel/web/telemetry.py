"""What is told of each request: one line, without anybody's address, name or token."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

from kernel import db
from kernel.config import settings
from kernel.errors import HouseError
from kernel.logging import request_id
from kernel.telemetry import metrics, statements, tracing

log = logging.getLogger("entrepot.requests")


def install(app: Flask) -> None:
    """Look at each request from its first moment to its last; installed before everything else.

    Flask asks first what was installed first, and after the view last.
    """

    @app.before_request
    def begin() -> None:
        g.begun = time.perf_counter()
        g.step = tracing.span(
            f"{_method()} {route()}",
            kind="server",
            starts=True,
            # Anybody may send one; only a proxy of ours is believed.
            cause=request.headers.get("traceparent") if settings().trusted_proxies else None,
            about={"http.request.method": _method(), "http.route": route()},
        )
        g.step.__enter__()
        g.statements_before = statements.sent()

    @app.after_request
    def end(response: Response) -> Response:
        passed = time.perf_counter() - g.get("begun", time.perf_counter())
        where = route()
        asked = statements.sent() - g.get("statements_before", statements.sent())
        told = {
            "method": _method(),
            "route": where,
            "status": response.status_code,
            "ms": round(passed * 1000, 1),
            "bytes": response.content_length or 0,
            "statements": asked,
        }
        log.info("answered", extra={"fields": told})
        if metrics.is_on():
            _count(where, response.status_code, passed, asked)
        tracing.tell(
            {
                "http.response.status_code": response.status_code,
                "entrepot.request_id": request_id.get(),
            }
        )
        return response

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        step = g.pop("step", None)
        if step is not None:
            step.__exit__(None, None, None)


def note_refusal(error: HouseError) -> None:
    """Count why a request is refused, by whoever shows it."""
    metrics.REFUSED.count(route(), error.code)


def _count(route: str, status: int, passed: float, sent: int) -> None:
    metrics.REQUESTS.count(_method(), route, f"{status // 100}xx")
    metrics.REQUEST_SECONDS.observe(passed, route)
    metrics.STATEMENTS.count(route, by=sent)
    metrics.POOL.set(db.in_use())


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _method() -> str:
    return request.method if request.method in _METHODS else "other"


def route() -> str:
    """Return the pattern of the request's address, never what somebody put into it."""
    return request.url_rule.rule if request.url_rule is not None else "none"
