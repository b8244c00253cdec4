"""Every outermost command, seen where it begins and where it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from kernel.errors import HouseError
from kernel.telemetry import metrics, tracing


def observed(name: str) -> AbstractContextManager[None]:
    """Return the block that a command runs in."""
    return _counted(name) if metrics.is_on() else tracing.span(name)


@contextmanager
def _counted(name: str) -> Iterator[None]:
    begun, outcome = time.perf_counter(), "failed"
    try:
        with tracing.span(name):
            yield
        outcome = "done"
    except HouseError as refused:
        outcome = "refused"
        metrics.REFUSALS.count(name, refused.code)
        raise
    finally:
        metrics.COMMANDS.count(name, outcome)
        metrics.COMMAND_SECONDS.observe(time.perf_counter() - begun, name)
