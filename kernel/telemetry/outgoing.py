"""Calls of the house to services outside, seen as steps of the trace that they belong to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests

from kernel.telemetry import tracing


class Session(requests.Session):
    """Tells the service which trace its answer belongs to, and notes how long it took.

    Shape: a step is named by method and host; what stands in the path may be somebody's.
    """

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:  # noqa: ANN401 - as requests passes it on
        """Send a request that is ready."""
        host = urlsplit(request.url or "").hostname or ""
        with tracing.span(
            f"{request.method} {host}",
            kind="client",
            about={"http.request.method": request.method or "", "server.address": host},
        ):
            if parent := tracing.traceparent():
                request.headers["traceparent"] = parent
            answer = super().send(request, **how)
            tracing.tell({"http.response.status_code": answer.status_code})
            return answer
