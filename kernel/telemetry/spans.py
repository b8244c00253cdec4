"""The way to a collector, by OpenTelemetry; only a process that has one loads this module."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextvars import Token

from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from kernel.telemetry.tracing import FOLLOWED, Kind, Value

# How much of all requests is followed where `OTEL_TRACES_SAMPLER` says nothing.
SHARE = "0.05"

_PROPAGATOR = TraceContextTextMapPropagator()


class Spans:
    """Begins and ends spans of one process, and has them sent in batches beside its work."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("entrepot")

    def step(
        self, name: str, *, kind: Kind, cause: str | None, about: Mapping[str, Value]
    ) -> AbstractContextManager[None]:
        """Return a block that is a span, the current one while it runs."""
        return _Step(self._opened(name, kind, cause, about))

    def passed(
        self,
        name: str,
        *,
        kind: Kind,
        cause: str | None,
        since_ns: int,
        about: Mapping[str, Value],
    ) -> None:
        """Note a span that is over."""
        self._opened(name, kind, cause, about, since_ns).end()

    @staticmethod
    def tell(about: Mapping[str, Value]) -> None:
        """Say more of the current span."""
        trace.get_current_span().set_attributes(about)

    @staticmethod
    def traceparent() -> str:
        """Return the current span as W3C writes it, empty without one."""
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier)
        return carrier.get("traceparent", "")

    @staticmethod
    def ids() -> tuple[str, str] | None:
        """Return the ids of the current trace and span, for the lines of logs."""
        found = trace.get_current_span().get_span_context()
        if not found.is_valid:
            return None
        return f"{found.trace_id:032x}", f"{found.span_id:016x}"

    def flush(self) -> None:
        """Send what waits. Units: at most two seconds."""
        self._provider.force_flush(2_000)

    def close(self) -> None:
        """Send what waits, and nothing more from here on."""
        self._provider.shutdown()

    def _opened(
        self,
        name: str,
        kind: Kind,
        cause: str | None,
        about: Mapping[str, Value],
        since_ns: int | None = None,
    ) -> Span:
        return self._tracer.start_span(
            name,
            context=_PROPAGATOR.extract({"traceparent": cause}) if cause else None,
            kind=SpanKind[kind.upper()],
            attributes=about,
            start_time=since_ns,
        )


class _Step:
    """A span that is the current one while its block runs."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._token: Token[Context] | None = None
        self._followed: Token[bool] | None = None

    def __enter__(self) -> None:
        self._followed = FOLLOWED.set(self._span.is_recording())
        self._token = context.attach(trace.set_span_in_context(self._span))

    def __exit__(self, kind: type[BaseException] | None, *_about: object) -> None:
        assert self._token is not None, "a step is left after it was entered"
        assert self._followed is not None, "both are set when it is entered"
        context.detach(self._token)
        FOLLOWED.reset(self._followed)
        if kind is not None:
            # Its class alone: an exception's words may be somebody's.
            self._span.set_attribute("error.type", kind.__name__)
            self._span.set_status(StatusCode.ERROR)
        self._span.end()


def to_collector(kind: str, version: str) -> Spans:
    """Return the way to the collector that the environment names.

    Shape: kind is what the process is for. Addresses, headers, time limits, sizes of batches and
    the sampler are OpenTelemetry's own settings.
    """
    os.environ.setdefault("OTEL_SERVICE_NAME", f"entrepot-{kind}")
    if "OTEL_TRACES_SAMPLER" not in os.environ:
        os.environ["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio"
        os.environ.setdefault("OTEL_TRACES_SAMPLER_ARG", SHARE)
    provider = TracerProvider(resource=Resource.create({"service.version": version}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Spans(provider)
