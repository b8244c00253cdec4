"""How a search server's nodes and the copies of the index are, for whoever watches."""

from __future__ import annotations

from collections.abc import Iterator

from kernel.telemetry.metrics import Figure, Labels, Measure
from search import api

MISSING = Figure(
    "entrepot_search_nodes_missing",
    "gauge",
    "Nodes that the address of the search server names and its cluster lacks; zero in process.",
)
STATE = Figure(
    "entrepot_search_index_state",
    "gauge",
    "1 for the state of the search index: green, yellow without a copy, red without any, or away"
    " while nobody says; in process green or red.",
    ("state",),
)
STATES = ("green", "yellow", "red", "away")


def _missing() -> Iterator[tuple[Labels, int]]:
    yield (), api.status().nodes_missing


def _states() -> Iterator[tuple[Labels, int]]:
    found = api.status()
    now = "red" if found.is_lost else found.copies or "away"
    for state in STATES:
        yield (state,), int(state == now)


MEASURES = (Measure(MISSING, _missing), Measure(STATE, _states))
