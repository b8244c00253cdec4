"""Every outermost command, seen where it begins and where it ends."""

from __future__ import annotations

from contextlib import AbstractContextManager

from kernel.telemetry import tracing


def observed(name: str) -> AbstractContextManager[None]:
    """Return the block that a command runs in."""
    return tracing.span(name)
