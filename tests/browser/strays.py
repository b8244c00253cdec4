"""What stands on pages in a language that it does not belong to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from bs4 import BeautifulSoup, NavigableString, Tag

from kernel.web import message_catalogues
from tests.browser import apart

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


# Elements that run on in a line of words.
_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd")
) | {"label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "time", "u", "var"}
# What no eye reads as words of a line; `sup` and `abbr` are written onto their word, and `wbr`
# is a place where one word may break.
_NO_WORDS = frozenset(
    ["head", "option", "script", "select", "style", "svg", "template", "textarea", "title"]
)
_JOINED = frozenset({"abbr", "sup", "wbr"})
# One word in two colours, what stands as it was written, and words of another language.
_LEFT_OUT = ".logo, pre, body [lang]:not([lang^=en])"

_GLUED_INSIDE = re.compile(r"[a-z][.!?][A-Z][a-z]")
_LONE_STOP = re.compile(r"[ \t\n][.,](?=\s|$)")
_STOP_FIRST = re.compile(r"[.,](?=\s|$)")


def run_together(html: str) -> list[str]:
    """Return where words of an English page stick to each other, or a stop stands alone.

    A break between a text and a tag is nothing in a template, so a forgotten space shows nowhere
    but on the page.
    """
    found, before = [], None
    page = BeautifulSoup(html, "html.parser")
    for part in page.select(_LEFT_OUT):
        part.string = "0"
    for words, path in _runs(page.body or page, ()):
        if not words:
            before = None
            continue
        last, last_path = before or ("", ())
        if before and _touch(last, words) and not _is_parted(last_path, path):
            found.append(f"{last[-30:]}|{words[:30]}")
        is_first = not before or last[-1].isspace()
        if _LONE_STOP.search(words) or (is_first and _STOP_FIRST.match(words)):
            found.append(f"a stop that stands alone: {words[:60]!r}")
        if _GLUED_INSIDE.search(words) and not any(one.name == "bdi" for one in path):
            found.append(words[:60])
        before = words, path
    return found


def _runs(element: Tag, path: tuple[Tag, ...]) -> Iterator[tuple[str, tuple[Tag, ...]]]:
    """Yield texts with the elements around them, and nothing where a line of words ends."""
    for child in element.children:
        if type(child) is NavigableString:
            if child:
                yield str(child), path
        elif isinstance(child, Tag) and child.name not in _JOINED:
            edge = [] if child.name in _INLINE else [("", path)]
            yield from edge
            if _is_filled_later(child):
                yield "0", path
            elif child.name not in _NO_WORDS:
                yield from _runs(child, (*path, child))
            yield from edge


def _is_filled_later(element: Tag) -> bool:
    """Tell whether a script writes a word here."""
    told = any(name.startswith("data-") for name in element.attrs)
    return told and element.name in _INLINE and not element.contents


def _touch(last: str, first: str) -> bool:
    return (last[-1].isalnum() and first[0].isalpha()) or (
        last[-1] in ".,;:!?)" and first[0].isalnum()
    )


def _is_parted(one: tuple[Tag, ...], other: tuple[Tag, ...]) -> bool:
    """Tell whether a sheet keeps two texts apart, or they belong to one element."""
    common = 0
    while common < min(len(one), len(other)) and one[common] is other[common]:
        common += 1
    sides = one[common:] + other[common:]
    return (
        not sides
        or any(map(apart.stands_apart, sides))
        or (common > 0 and apart.lays_out(one[common - 1]))
    )
