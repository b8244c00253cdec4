"""Completing what is being typed: categories in the shopper's language, brands, titles."""

from __future__ import annotations

from search.analysis.words import language, phrase
from search.documents import Suggestion, SuggestionKind
from search.engine.mapping import ANY_LOCALE, SEPARATOR, Key
from search.engine.port import Snapshot

MAX_TEXT = 60
MAX_LIMIT = 20
_LOOKED_AT = 1000
_ORDER = (SuggestionKind.CATEGORY, SuggestionKind.BRAND, SuggestionKind.TITLE)


def suggest(snapshot: Snapshot, *, text: str, locale: str, limit: int) -> tuple[Suggestion, ...]:
    """Return completions: categories, brands, then titles, the fullest first; hidden goods never.

    Units: limit in suggestions, at most MAX_LIMIT.
    """
    typed = phrase(text[:MAX_TEXT])
    if not typed:
        return ()
    keys = [
        pair
        for tag in tags(locale)
        for pair in snapshot.starting_with(Key.SUGGESTION, f"{tag}{SEPARATOR}{typed}", _LOOKED_AT)
    ]
    keys.sort(key=lambda pair: (_kind(pair[0]), -pair[1], pair[0]))
    wanted = min(limit, MAX_LIMIT)
    likely = [key for key, _ in keys[: 3 * wanted]]
    found: dict[tuple[str, ...], Suggestion] = {}
    for key, count in snapshot.holders(Key.SUGGESTION, likely).items():
        _, _, kind, target, shown = key.split(SEPARATOR)
        suggestion = Suggestion(shown, SuggestionKind(kind), target, count)
        found.setdefault((kind, target or shown), suggestion)
    ordered = sorted(
        found.values(), key=lambda item: (_ORDER.index(item.kind), -item.count, item.text)
    )
    return tuple(ordered[:wanted])


def tags(locale: str) -> tuple[str, ...]:
    """Return where completions of a locale are kept: its own, its language's, the common ones."""
    return tuple(dict.fromkeys((locale, language(locale), ANY_LOCALE)))


def _kind(key: str) -> int:
    return _ORDER.index(SuggestionKind(key.split(SEPARATOR)[2]))
