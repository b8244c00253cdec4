"""Completing what is being typed: categories in the shopper's language, brands, titles."""

from __future__ import annotations

from search.documents import Suggestion, SuggestionKind
from search.engine import joining
from search.engine.mapping import ANY_LOCALE, SEPARATOR, Key
from search.engine.planner import understood
from search.engine.port import Snapshot
from search.engine.words import language, phrase

MAX_TEXT = 60
MAX_LIMIT = 20
MIN_TITLE = 3
_LOOKED_AT = 500


def suggest(snapshot: Snapshot, *, text: str, locale: str, limit: int) -> tuple[Suggestion, ...]:
    """Return completions: categories, brands, then titles, the fullest first; hidden goods never.

    Where nothing begins so, words that are one are taken together: tea pot, teapot.
    Units: limit in suggestions, at most MAX_LIMIT. Titles join from MIN_TITLE signs on.
    """
    wanted = min(limit, MAX_LIMIT)
    found = _suggested(snapshot, phrase(text[:MAX_TEXT]), locale, wanted)
    if found:
        return found
    meant = joining.meant(snapshot, understood(text[:MAX_TEXT], locale))
    return _suggested(snapshot, phrase(meant), locale, wanted) if meant else ()


def _suggested(snapshot: Snapshot, typed: str, locale: str, wanted: int) -> tuple[Suggestion, ...]:
    suggestions: dict[tuple[str, str], Suggestion] = {}
    for kind in SuggestionKind if typed else ():
        if len(suggestions) >= wanted or (kind is SuggestionKind.TITLE and len(typed) < MIN_TITLE):
            break
        for suggestion in _completions(snapshot, typed, kind, tags(locale, kind), wanted):
            suggestions.setdefault((kind, suggestion.target or suggestion.text), suggestion)
    return tuple(suggestions.values())[:wanted]


def tags(locale: str, kind: SuggestionKind) -> tuple[str, ...]:
    """Return where completions are kept: a locale's own and its language's; brands are common."""
    if kind is SuggestionKind.BRAND:
        return (ANY_LOCALE,)
    return tuple(dict.fromkeys((locale, language(locale))))


def _completions(
    snapshot: Snapshot, typed: str, kind: SuggestionKind, places: tuple[str, ...], wanted: int
) -> list[Suggestion]:
    keys = [
        pair
        for tag in places
        for pair in snapshot.starting_with(
            Key.SUGGESTION, SEPARATOR.join((tag, kind, typed)), _LOOKED_AT
        )
    ]
    keys.sort(key=lambda pair: (-pair[1], pair[0]))
    counts = snapshot.holders(Key.SUGGESTION, [key for key, _ in keys[: 2 * wanted]])
    suggestions = [
        Suggestion(key.split(SEPARATOR)[4], kind, key.split(SEPARATOR)[3], count)
        for key, count in counts.items()
    ]
    return sorted(suggestions, key=lambda item: (-item.count, item.text))
