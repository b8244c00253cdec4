"""Traces: what a request led to, from the button over the relay to the letter.

They are on when a collector is named by the standard settings of OpenTelemetry
(`OTEL_EXPORTER_OTLP_ENDPOINT`); otherwise nothing of it is loaded and a span costs nothing. A span
says what was done by the names of the house, never with what: no parameter, address or form.
Source: W3C Trace Context; OpenTelemetry semantic conventions.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal

from kernel.logging import Here

if TYPE_CHECKING:
    from kernel.telemetry.spans import Spans

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Value = str | int | float

_ADDRESSES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_NOTHING: AbstractContextManager[None] = nullcontext()


# Asked before every statement, so it is kept apart from what OpenTelemetry keeps.
FOLLOWED: ContextVar[bool] = ContextVar("entrepot_followed", default=False)


class _Process:
    """The way from here to the collector, None where traces are off."""

    spans: Spans | None = None


def is_wanted(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the environment names a collector and does not switch traces off."""
    is_off = environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    is_off = is_off or environ.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp"
    return not is_off and any(environ.get(name) for name in _ADDRESSES)


def use(spans: Spans | None) -> None:
    """Follow what this process does from here on, or nothing; called after a fork, never before."""
    _Process.spans = spans
    Here.trace = spans.ids if spans is not None else None


def flush() -> None:
    """Send what waits, before a process ends without saying good-bye."""
    if _Process.spans is not None:
        _Process.spans.flush()


def is_recording() -> bool:
    """Whether what happens now belongs to a trace that is followed."""
    return FOLLOWED.get()


def span(
    name: str,
    *,
    kind: Kind = "internal",
    cause: str | None = None,
    starts: bool = False,
    about: Mapping[str, Value] | None = None,
) -> AbstractContextManager[None]:
    """Return a block that is seen as one step of the trace that is followed here, if one is.

    Shape: cause is the traceparent of what led to it, from another process; with `starts` it begins
    a trace where nothing led to it; about holds attributes.
    """
    spans = _Process.spans
    if spans is None or not (starts or cause or FOLLOWED.get()):
        return _NOTHING
    return spans.step(name, kind=kind, cause=cause, about=about or {})


def passed(
    name: str,
    *,
    kind: Kind,
    since_ns: int,
    cause: str | None = None,
    about: Mapping[str, Value] | None = None,
) -> None:
    """Note a step that is over. Units: nanoseconds since 1970."""
    if _Process.spans is not None:
        _Process.spans.passed(name, kind=kind, cause=cause, since_ns=since_ns, about=about or {})


def tell(about: Mapping[str, Value]) -> None:
    """Say more of the step that is under way."""
    if _Process.spans is not None and FOLLOWED.get():
        _Process.spans.tell(about)


def traceparent() -> str:
    """Return what another process has to know to go on with this trace, empty without one."""
    return _Process.spans.traceparent() if _Process.spans is not None else ""
