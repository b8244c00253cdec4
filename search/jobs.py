"""What keeps the index alive by itself: made anew when it is missing, compared every night."""

from __future__ import annotations

from datetime import timedelta
from logging import INFO, WARNING

from kernel.jobs import schedule
from kernel.logging import log
from kernel.readiness import part
from search import api
from search.errors import RebuildRunning, SearchUnavailable

# So many products may have changed a moment ago, with the news of it still in the queue.
_ON_THE_WAY = 100


@part("search")
def index_is_there() -> bool:
    """Whether goods are found by the index; without it the shop lists from its tables."""
    return not api.status().problem


@part("search_nodes")
def index_is_on_every_node() -> bool:
    """Whether a search server of several nodes has all of them, and a copy of the index on each."""
    return api.status().is_whole


@schedule("search.jobs.replace_missing_index", every=timedelta(seconds=30), queue="index")
def replace_missing_index() -> None:
    """Rebuild an index that is gone, unreadable or of another mapping.

    A server that is slow or away for a moment has lost nothing.
    """
    found = api.status()
    if not found.is_lost or api.registered_source() is None:
        return
    log.warning("search index is rebuilt: %s", found.problem)
    try:
        api.rebuild()
    except RebuildRunning:
        log.info("another process rebuilds already")


@schedule("search.jobs.repair_drift", every=timedelta(days=1), queue="index", is_mirror=True)
def repair_drift() -> None:
    """Put right what the index and the database disagree on."""
    if api.registered_source() is None:
        return
    try:
        drift = api.repair_drift()
    except SearchUnavailable as unavailable:
        log.warning("drift was not checked: %s", unavailable.data)
        return
    if drift.stored or drift.removed:
        level = WARNING if drift.removed or drift.stored > _ON_THE_WAY else INFO
        log.log(level, "search index differed: stored %d, removed %d", drift.stored, drift.removed)
