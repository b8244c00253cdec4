"""Which letters the readers of a language know."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from kernel import languages
from kernel.web.locales import current_locale

# Everybody reads Latin letters, and the readers of a language those of its file as well. What is
# written in none of these is shown to everybody.
_KNOWN = languages.scripts(languages.HOUSE)
_OTHERS = frozenset({"CYRILLIC", "GREEK", "HEBREW", "THAI", "DEVANAGARI"}).union(*_KNOWN.values())

# With raised letters and signs beside letters, as Spanish and Hawaiian names have them.
_LATIN = frozenset({"LATIN", "FEMININE", "MASCULINE", "MODIFIER"})


def is_read(name: str) -> bool:
    """Whether the letters of a name are known to readers of the page's language."""
    return name.isascii() or _is_read(current_locale(), name)


def is_latin(name: str) -> bool:
    """Whether all letters of a name are Latin ones, with or without accents: Mª José too."""
    return _scripts(name) <= _LATIN


@lru_cache(maxsize=4_000)
def _is_read(language: str, name: str) -> bool:
    return not (_scripts(name) & _OTHERS) - _KNOWN.get(language, frozenset())


def _scripts(name: str) -> set[str]:
    return {unicodedata.name(sign, "").partition(" ")[0] for sign in name if sign.isalpha()}
