"""What stands on pages in a language that it does not belong to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from bs4 import BeautifulSoup

from kernel.web import message_catalogues

# Two small English words in a row, or the name of a thing of the code.
_UNTRANSLATED = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b|\b[a-z]+[_.][a-z_]+\b")


# What a value or a tag parts: words of a page end at a tag, and hold any value.
_VALUE = re.compile(r"%\(\w+\)[a-z]")
_TAG = re.compile(r"<[^>]*>")
_ISOLATES = re.compile(r"[\u2066-\u2069]")

# Names, figures, and what says itself in which language it stands; what is no words at all; what
# eyes do not see. As `said` of `layout.js`, which asks the layout.
_NOT_SAID = (
    "bdi, .ltr, [dir=auto], body [lang], head, script, style, svg, option, noscript, template,"
    " .visually-hidden, .skip, [popover], dialog:not([open])"
)


def said_in(html: str) -> set[str]:
    """Return what the house itself says in a page's source."""
    page = BeautifulSoup(html, "html.parser")
    for part in page.select(_NOT_SAID):
        part.decompose()
    return {" ".join(words.split()) for words in page.stripped_strings}


def among_words_of_another_script(
    said: Mapping[str, Iterable[str]], locale: str
) -> dict[str, list[str]]:
    """Return keys and English words, with where they stand.

    Marked sentences are looked for by a pseudo-language; this finds what nobody marked. What the
    catalogue of the language lacks is said in English until it is translated.
    """
    left, heard = defaultdict(list), set()
    waiting = said_in_english(locale)
    for page, texts in said.items():
        for words in texts:
            heard.add(words)
            if _UNTRANSLATED.search(words) and not waiting(words):
                left[words].append(page)
    assert len(heard) > 500, "hardly a word was heard"
    return left


def said_in_english(locale: str) -> Callable[[str], bool]:
    """Return whether words of a page are those of a sentence that a language lacks."""
    english = message_catalogues.read("en")
    patterns = [
        re.compile(".*".join(map(re.escape, _VALUE.split(part.strip()))))
        for sentence in message_catalogues.read(locale)
        if sentence.id and message_catalogues.is_lacking(sentence)
        for form in message_catalogues.words_of(english.get(sentence.id, sentence.context))
        for part in _TAG.split(form)
        if re.search(r"\w", _VALUE.sub("", part))
    ]

    def is_waiting(words: str) -> bool:
        return any(pattern.fullmatch(_ISOLATES.sub("", words)) for pattern in patterns)

    return is_waiting
