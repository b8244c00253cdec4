"""Figures that the house shows of itself to whoever watches it.

A figure is declared once, beside what it counts, and recorded by a call that does nothing where
nobody asked for figures (`ENTREPOT_METRICS`). Labels are names of the house, never of people, and
of each figure only so many combinations are kept apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from kernel.telemetry.meters import Meters

Labels = tuple[str, ...]
# Seconds. A page takes ten milliseconds, a purchase a few hundred; what takes longer is looked at.
PAGES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
WORK = (0.01, 0.05, 0.25, 1.0, 5.0, 30.0)

FIGURES: dict[str, Figure] = {}


class _Process:
    """Where this process keeps its figures, None where nobody asked for them."""

    meters: Meters | None = None


@dataclass(frozen=True)
class Figure:
    """Something that is counted, timed or measured, under a name of its own.

    Shape: across says what the processes of a server come to together, for a gauge; most bounds how
    many combinations of labels are kept apart, whatever goes beyond is one more, `other`.
    """

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    holds: str
    labels: Labels = ()
    buckets: tuple[float, ...] = ()
    across: Literal["sum", "max", "mostrecent"] = "mostrecent"
    most: int = 500

    def __post_init__(self) -> None:
        """Register the figure under its name."""
        assert self.name not in FIGURES, f"two figures are called {self.name}"
        FIGURES[self.name] = self

    def count(self, *labels: str, by: float = 1) -> None:
        """Count something that happened."""
        if _Process.meters is not None:
            _Process.meters.of(self, labels).inc(by)

    def observe(self, value: float, *labels: str) -> None:
        """Note how long something took."""
        if _Process.meters is not None:
            _Process.meters.of(self, labels).observe(value)

    def set(self, value: float, *labels: str) -> None:
        """Note how much there is now."""
        if _Process.meters is not None:
            _Process.meters.of(self, labels).set(value)


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that is read from the database, at most four times a minute, by one process.

    Shape: read runs inside a reading with a time limit and returns every combination of labels,
    those with nothing to tell as zero.
    """

    figure: Figure
    read: Callable[[], Iterable[tuple[Labels, float]]]


def use(meters: Meters | None) -> None:
    """Keep figures from here on, or none."""
    _Process.meters = meters


def is_on() -> bool:
    """Whether somebody asked for figures."""
    return _Process.meters is not None


BUILD = Figure("entrepot_build_info", "gauge", "Which version runs; always 1.", ("version",))
REQUESTS = Figure(
    "entrepot_requests_total",
    "counter",
    "Requests that were answered, by pattern of the address and class of the answer.",
    ("method", "route", "status"),
    most=2000,
)
REQUEST_SECONDS = Figure(
    "entrepot_request_seconds", "histogram", "What requests took.", ("route",), PAGES
)
STATEMENTS = Figure(
    "entrepot_request_statements_total",
    "counter",
    "Statements that requests sent to the database.",
    ("route",),
)
POOL = Figure(
    "entrepot_pool_connections_in_use",
    "gauge",
    "Database connections in use at the end of the latest request, all web processes together.",
    across="sum",
)
REPLICA_AGE = Figure(
    "entrepot_replica_age_seconds",
    "gauge",
    "How far the replica that was asked last may be behind.",
    across="max",
)
REPLICA_READS = Figure(
    "entrepot_replica_reads_total",
    "counter",
    "Pages that a replica read, or that it was too old, away or failing for.",
    ("outcome",),
)
COMMANDS = Figure(
    "entrepot_commands_total",
    "counter",
    "Commands that were done, refused by a rule, or failed.",
    ("command", "outcome"),
    most=1500,
)
COMMAND_SECONDS = Figure(
    "entrepot_command_seconds", "histogram", "What commands took.", ("command",), WORK
)
REFUSALS = Figure(
    "entrepot_refusals_total",
    "counter",
    "Commands that a rule refused, by the code of the reason.",
    ("command", "code"),
    most=1500,
)
REFUSED = Figure(
    "entrepot_refused_requests_total",
    "counter",
    "Requests that were refused, by the code of the reason: a wrong password, a wallet too short.",
    ("route", "code"),
    most=1500,
)
EVENTS = Figure("entrepot_events_total", "counter", "Facts that were published.", ("event",))
DELIVERIES = Figure(
    "entrepot_deliveries_total",
    "counter",
    "Deliveries that were done at the first try or a later one, or failed.",
    ("handler", "outcome"),
    most=1000,
)
DELIVERY_SECONDS = Figure(
    "entrepot_delivery_seconds", "histogram", "What deliveries took.", ("queue",), WORK
)
SCHEDULE_FAILURES = Figure(
    "entrepot_schedule_failures_total", "counter", "Runs of schedules that failed.", ("schedule",)
)
SCHEDULE_SUCCESS = Figure(
    "entrepot_schedule_last_success_timestamp_seconds",
    "gauge",
    "When a schedule ran last without a failure, in seconds since 1970.",
    ("schedule",),
    across="max",
)
MEASURED = Figure(
    "entrepot_measured_timestamp_seconds",
    "gauge",
    "When the figures of the database were read last, in seconds since 1970.",
)
