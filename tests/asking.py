"""How tests ask a page: by code, role and label, and by the key of a sentence, never by its words.

The sentence in code is a key; which English stands for it is the catalogue's business. So a test
names the key, or a part of it that no other key has, and the English may be edited without it.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from bs4 import BeautifulSoup, Tag

from kernel.web import message_catalogues

_VALUE = re.compile(r"%\((\w+)\)[a-z]|%%")
_TAG = re.compile(r"<[^>]*>")
_MARKS = re.compile(r"[\u200e\u200f\u061c\u2066-\u2069]")
_LOOSE = re.compile(r" (?=[.,;:!?])")  # where text was taken out of its tags with spaces between

# What a value that the test does not name may be as long as.
_ANY_VALUE = ".{1,160}?"


def english(key: str, **values: object) -> str:
    """Return the English of a sentence, or of the one form of it that the key is."""
    (pattern,) = _english(key, values)
    return _VALUE.sub(lambda found: _filled(found, values), pattern)


def _filled(found: re.Match[str], values: Mapping[str, object]) -> str:
    return str(values[found[1]]) if found[1] else "%"


def says(page: Any, key: str, **values: object) -> bool:
    """Whether a page says a sentence.

    Shape: page is an answer, a letter, HTML, a part of a soup, or several texts, of which one has
    to be the sentence; key is a sentence of the code or a part that no other has; a value that is
    not named may be anything.
    """
    wanted = [re.compile(_pattern(form, values)) for form in _english(key, values)]
    if isinstance(page, list | tuple | set | dict):
        return any(one.fullmatch(_bare(text)) for text in page for one in wanted)
    return any(one.search(text) for text in _texts(page) for one in wanted)


def heading(page: Any) -> str:
    """Return what stands over a page."""
    title = _soup(page).h1
    assert title is not None, "a page has a heading"
    return _bare(title.get_text(" "))


def problem_code(page: Any) -> str:
    """Return the code of what was refused: of the page, its form, or the page before."""
    (code,) = {str(part["data-code"]) for part in _soup(page).select("[data-code]")}
    return code


def error_of(page: Any, field: str) -> str:
    """Return what is said to be wrong with a field of a form, nothing when nothing is."""
    told = _soup(page).find(id=f"e-{field}")
    return _bare(told.get_text(" ")) if told else ""


def _soup(page: Any) -> Tag:
    return page if isinstance(page, Tag) else BeautifulSoup(_source(page), "html.parser")


def _source(page: Any) -> str:
    return page if isinstance(page, str) else str(page) if isinstance(page, Tag) else page.text


def _texts(page: Any) -> Iterator[str]:
    """Yield what a page says to eyes, and what its attributes say."""
    source = _source(page)
    yield _bare(html.unescape(_TAG.sub("", source)))
    yield _bare(html.unescape(_TAG.sub(" ", source)))
    yield _bare(html.unescape(source))


def _bare(text: str) -> str:
    return _LOOSE.sub("", " ".join(_MARKS.sub("", text).split()))


def _pattern(form: str, values: Mapping[str, object]) -> str:
    parts, at = [], 0
    form = _bare(html.unescape(_TAG.sub("", form)))
    for found in _VALUE.finditer(form):
        parts.append(re.escape(form[at : found.start()]))
        if not found[1]:
            parts.append("%")
        elif found[1] in values:
            parts.append(re.escape(_bare(_TAG.sub("", str(values[found[1]])))))
        else:
            parts.append(_ANY_VALUE)
        at = found.end()
    # "3 pieces" is not said by "13 pieces"; after a full stop the next word may follow at once.
    end = "" if re.search(r"\W$", form) else r"(?!\w)"
    return rf"(?<!\w){''.join([*parts, re.escape(form[at:])])}{end}"


def _english(key: str, values: Mapping[str, object]) -> list[str]:
    """Return the English of every form that a key, or the part of one, stands for."""
    forms = _forms_of(key)
    unknown = values.keys() - {found[1] for form in forms for found in _VALUE.finditer(form)}
    assert not unknown, f"{forms} holds no {unknown}"
    return forms


def _forms_of(key: str) -> list[str]:
    whole = _english_messages()
    if key in whole:
        return sorted(whole[key])
    holding = {sentence: forms for sentence, forms in _sentences() if _holds(sentence, key)}
    assert holding, f"no marked sentence holds: {key}"
    assert len(holding) == 1, f"several sentences hold {key!r}: {sorted(map(str, holding))}"
    (forms,) = holding.values()
    return list(forms)


def _holds(sentence: tuple[str, ...], part: str) -> bool:
    return any(part in form or part in _TAG.sub("", form) for form in sentence)


@cache
def _sentences() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every sentence of the code with its English, both in all their forms."""
    return [
        (
            _forms(message.id),
            _forms(message.id if message_catalogues.is_lacking(message) else message.string),
        )
        for message in message_catalogues.read("en")
        if message.id
    ]


@cache
def _english_messages() -> dict[str, set[str]]:
    """The English of each form of each sentence: more than one where it has several senses."""
    found = defaultdict(set)
    for forms, spoken in _sentences():
        for form, told in zip(forms, spoken, strict=True):
            found[form].add(told)
    return dict(found)


def _forms(of: str | Iterable[str]) -> tuple[str, ...]:
    return (of,) if isinstance(of, str) else tuple(of)
