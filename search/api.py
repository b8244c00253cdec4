"""The front door of search. Everything else of the package is private to it.

Search never reads a shop table: the catalogue maps its products to documents and registers where
all of them can be read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from search import indexing
from search import suggest as suggestions
from search.documents import (
    EVERYWHERE,
    Facets,
    FacetValue,
    Filters,
    IndexStatus,
    Match,
    PriceBar,
    ProductDocument,
    SearchPage,
    SearchRequest,
    Sort,
    Suggestion,
    SuggestionKind,
    TierView,
)
from search.engine import choice, pages
from search.engine.port import Applied
from search.errors import IndexBusy, RebuildIncomplete, RebuildRunning, SearchUnavailable
from search.indexing import DocumentSource, Repair

__all__ = [
    "EVERYWHERE",
    "Applied",
    "DocumentSource",
    "FacetValue",
    "Facets",
    "Filters",
    "IndexBusy",
    "IndexStatus",
    "Match",
    "PriceBar",
    "ProductDocument",
    "RebuildIncomplete",
    "RebuildRunning",
    "Repair",
    "SearchPage",
    "SearchRequest",
    "SearchUnavailable",
    "Sort",
    "Suggestion",
    "SuggestionKind",
    "TierView",
    "index",
    "rebuild",
    "register_source",
    "registered_source",
    "remove",
    "repair_drift",
    "search",
    "status",
    "suggest",
]

_sources: list[DocumentSource] = []


def register_source(source: DocumentSource) -> None:
    """Tell search where every product can be read again; the last one registered counts."""
    _sources[:] = [source]


def registered_source() -> DocumentSource | None:
    """Return where products can be read again, None before the catalogue has said so."""
    return _sources[0] if _sources else None


def index(*, documents: Iterable[ProductDocument]) -> Applied:
    """Store documents unless newer versions are there; call it from a job, never in a request.

    Raises: IndexBusy.
    """
    return indexing.store(choice.current(), documents)


def remove(*, ids: Sequence[int], versions: Mapping[int, int] | None = None) -> Applied:
    """Take products out of the index; with versions, older documents cannot bring them back.

    Shape: versions map id to the version at which it was removed. Raises: IndexBusy,
    SearchUnavailable when versions are missing and there is no index to ask.
    """
    return indexing.forget(choice.current(), ids, versions or {})


def search(*, request: SearchRequest) -> SearchPage:
    """Return one page of results.

    Raises: SearchUnavailable; list products from the database then, with its sentence as notice.
    """
    return pages.answer(choice.current().snapshot(), request)


def suggest(*, text: str, locale: str, limit: int = 8) -> tuple[Suggestion, ...]:
    """Return completions of what is being typed. Raises: SearchUnavailable."""
    snapshot = choice.current().snapshot()
    return suggestions.suggest(snapshot, text=text, locale=locale, limit=limit)


def rebuild(
    *, documents: Callable[[], Iterable[ProductDocument]] | None = None, expected: int | None = None
) -> int:
    """Build the index anew while the old one answers; return how many products it holds.

    Without `documents` the registered source is read, and nine in ten of its products must arrive.
    Raises: RebuildRunning, RebuildIncomplete.
    """
    source = registered_source()
    if documents is None:
        assert source is not None, "the catalogue registers a source"
        documents = source.documents
        expected = sum(1 for _ in source.versions()) if expected is None else expected
    return indexing.rebuild(choice.current(), documents, expected=expected or 0)


def repair_drift() -> Repair:
    """Compare the index with the registered source and put right what differs.

    Raises: SearchUnavailable.
    """
    source = registered_source()
    assert source is not None, "the catalogue registers a source"
    return indexing.repair(choice.current(), source)


def status() -> IndexStatus:
    """Return how the index is doing; for the health page, never raises."""
    return choice.current().status()
