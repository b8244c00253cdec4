"""Whether the customers' money is kept safe, for whoever watches."""

from __future__ import annotations

from collections.abc import Iterator

from banking.control.safeguarding.queries import positions_now
from kernel.telemetry.metrics import Figure, Labels, Measure

SHORTFALL = Figure(
    "entrepot_safeguarding_shortfall",
    "gauge",
    "What is missing of the customers' money that must be kept safe, in minor units.",
    ("currency",),
)


def _shortfalls() -> Iterator[tuple[Labels, int]]:
    for position in positions_now():
        yield (position.currency,), position.shortfall.minor


MEASURES = (Measure(SHORTFALL, _shortfalls),)
