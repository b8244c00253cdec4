"""Which engine this installation uses: Elasticsearch where an address is set, else the embedded."""

from __future__ import annotations

from kernel.config import settings
from search.engine.embedded import EmbeddedEngine
from search.engine.port import SearchPort

_chosen: SearchPort | None = None


def current() -> SearchPort:
    """Return the engine of this process."""
    global _chosen  # noqa: PLW0603 - readers and their open files are kept for the process
    if _chosen is None:
        address = settings().elasticsearch_url
        _chosen = _elastic(address) if address else EmbeddedEngine(settings().search_dir)
    return _chosen


def _elastic(address: str) -> SearchPort:
    from search.engine.elastic import ElasticEngine  # noqa: PLC0415 - brings an HTTP stack along

    return ElasticEngine(address)


def use(engine: SearchPort | None) -> None:
    """Let this process use an engine (tests, measurements); None chooses by the settings again."""
    global _chosen  # noqa: PLW0603 - a process has one engine
    _chosen = engine
