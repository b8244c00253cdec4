"""Completing what is being typed: categories in the shopper's language, brands, titles."""

from __future__ import annotations

from collections.abc import Iterator

from search.analysis.words import language, phrase
from search.documents import Suggestion, SuggestionKind
from search.engine.mapping import ANY_LOCALE, SEPARATOR, Key
from search.engine.port import Snapshot

MAX_TEXT = 60
MAX_LIMIT = 20
_LOOKED_AT = 300
_ORDER = (SuggestionKind.CATEGORY, SuggestionKind.BRAND, SuggestionKind.TITLE)


def suggest(snapshot: Snapshot, *, text: str, locale: str, limit: int) -> tuple[Suggestion, ...]:
    """Return completions: categories, brands, then titles, the fullest first; hidden goods never.

    Units: limit in suggestions, at most MAX_LIMIT.
    """
    typed = phrase(text[:MAX_TEXT])
    if not typed:
        return ()
    found: dict[tuple[SuggestionKind, str], Suggestion] = {}
    for tag in tags(locale):
        for suggestion in _starting(snapshot, f"{tag}{SEPARATOR}{typed}"):
            found.setdefault((suggestion.kind, suggestion.target or suggestion.text), suggestion)
    ordered = sorted(
        found.values(), key=lambda item: (_ORDER.index(item.kind), -item.count, item.text)
    )
    return tuple(ordered[: min(limit, MAX_LIMIT)])


def tags(locale: str) -> tuple[str, ...]:
    """Return where completions of a locale are kept: its own, its language's, the common ones."""
    return tuple(dict.fromkeys((locale, language(locale), ANY_LOCALE)))


def _starting(snapshot: Snapshot, prefix: str) -> Iterator[Suggestion]:
    for key, count in snapshot.starting_with(Key.SUGGESTION, prefix, _LOOKED_AT):
        _, _, kind, target, shown = key.split(SEPARATOR)
        yield Suggestion(shown, SuggestionKind(kind), target, count)
