"""What stands on pages in a language that it does not belong to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

# Two small English words in a row, or the name of a thing of the code.
_UNTRANSLATED = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b|\b[a-z]+[_.][a-z_]+\b")


def among_words_of_another_script(said: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return keys and English words, with where they stand.

    Marked sentences are looked for by a pseudo-language; this finds what nobody marked.
    """
    left, heard = defaultdict(list), set()
    for page, texts in said.items():
        for words in texts:
            heard.add(words)
            if _UNTRANSLATED.search(words):
                left[words].append(page)
    assert len(heard) > 500, "hardly a word was heard"
    return left
