"""How the nodes of a search server are, and whether what they lost comes back by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from elasticsearch import Elasticsearch

# So long an index may be without any copy of its shard before it is given up: a node that starts
# again brings one back in minutes, and a rebuild of a large catalogue takes as long.
LOST_AFTER_S = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """What the cluster says. Shape: colour is its word for the copies, empty while it says nothing.

    Units: missing are nodes that the address names and the cluster lacks.
    """

    colour: str = ""
    missing: int = 0
    is_lost: bool = False


def health(client: Elasticsearch, index: str, *, named: int) -> Health:
    """Ask how the copies of an index are. Raises: TransportError, ApiError."""
    answer = client.cluster.health(index=index or None)
    colour = str(answer["status"])
    return Health(
        colour=colour,
        missing=max(0, named - int(answer["number_of_nodes"])),
        is_lost=colour == "red" and bool(index) and _seconds_away(client, index) > LOST_AFTER_S,
    )


def _seconds_away(client: Elasticsearch, index: str) -> float:
    """Return for how long the shard has had no copy that answers."""
    told = client.cat.shards(index=index, h=["prirep", "unassigned.for"], format="json", time="s")
    # The client types all answers alike; as JSON this one is a list.
    rows = cast("list[dict[str, str]]", told.body)
    away = [row["unassigned.for"] for row in rows if row["prirep"] == "p"]
    return max((float(seconds.removesuffix("s")) for seconds in away if seconds), default=0.0)
