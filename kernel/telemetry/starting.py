"""What a process shows of itself, begun after its last fork, so that nothing is shared."""

from __future__ import annotations

from importlib.metadata import version

from kernel.telemetry import tracing


def begin(kind: str) -> None:
    """Begin whatever this installation has asked to see; nothing, most often.

    Shape: kind is what the process is for.
    """
    if tracing.is_wanted():
        from kernel.telemetry.spans import (  # noqa: PLC0415 - only a process with a collector loads it
            to_collector,
        )

        tracing.use(to_collector(kind, version("entrepot")))
