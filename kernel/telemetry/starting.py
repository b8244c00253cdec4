"""What a process shows of itself, begun after its last fork, so that nothing is shared."""

from __future__ import annotations

from importlib.metadata import version

from kernel.config import settings
from kernel.logging import log
from kernel.telemetry import error_reports, metrics, tracing

# Who listens where: at the port of `ENTREPOT_METRICS`, and at the ones that follow it.
PORTS = ("web", "worker", "relay", "scheduler")


def begin(kind: str) -> None:
    """Begin whatever this installation has asked to see.

    Shape: kind is what the process is for.
    """
    if tracing.is_wanted():
        from kernel.telemetry.spans import (  # noqa: PLC0415 - only a process with a collector loads it
            to_collector,
        )

        tracing.use(to_collector(kind, version("entrepot")))
    error_reports.begin()
    if settings().metrics:
        _begin_figures(kind, settings().metrics)


def _begin_figures(kind: str, address: str) -> None:
    from kernel.telemetry.meters import (  # noqa: PLC0415 - only a process with figures loads it
        Meters,
        clear_up,
        folder_of,
        serve,
    )

    host, _, port = address.rpartition(":")
    clear_up(settings().var)
    meters = Meters(folder_of(settings().var, kind))
    metrics.use(meters)
    metrics.BUILD.set(1, version("entrepot"))
    try:
        serve(meters, host, int(port) + PORTS.index(kind))
    except OSError as taken:  # figures are worth a line, not the process that they are about
        log.error("nobody can read the figures of this process: %s", taken.strerror)
