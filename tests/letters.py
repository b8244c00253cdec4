"""What every letter owes its reader, asked of letters of all floors."""

from __future__ import annotations

import re
from pathlib import Path

from bs4 import BeautifulSoup

from kernel.web.letters import Letter

ROOT = Path(__file__).parents[1]
LOCALES = ("en", "zh-CN", "de", "ar")

_ADDRESS = re.compile(r"https?://\S+")
_REFERENCE = re.compile(r"\b(?:[A-Z]-[A-Z0-9]{6,}(?:-\d+)?|\d{2}-\d{7})(?!\d)")
_MARKS = re.compile(r"[\u2066-\u2069\u200f]")
_FIGURES = re.compile(r"\d[\d.,:\u202f]*\d|\d")


def templates(*floors: str) -> list[str]:
    """Return the names of every letter that floors may send."""
    return sorted(
        f"{floor}/mail/{path.name}"
        for floor in floors
        for path in (ROOT / floor / "templates" / "mail").glob("*.txt")
    )


def assert_whole(letter: Letter, locale: str) -> None:
    """Pass when both parts of a letter say the same, in its language, and whom to ask."""
    page = BeautifulSoup(letter.html, "html.parser")
    page.style.decompose()
    gist = page.body.find("div").extract().get_text()

    assert (page.html["lang"], page.html["dir"]) == (locale, "rtl" if locale == "ar" else "ltr")
    assert letter.subject
    assert _bare(gist) in [_bare(part) for part in letter.text.split("\n\n")[1:]]
    assert _told(page.body.get_text(" ")) == _told(f"{letter.subject} {letter.text}")
    links = {a["href"] for a in page.select("a[href]:not(.word)")}
    assert {link for link in links if link not in letter.text} == set()
    assert any(link.endswith("/about/help") for link in links)
    assert len(letter.html.encode()) < 60_000


# What people may be called, or call a browser, a shop and goods: days that there are and are not.
LIKE_TIMES = ("2026-02-30", "2026-02-28", "2026-02-30T12:00:00+00:00", "9999-99-99T99:99:99+00:00")


def called(facts: object, name: str) -> object:
    """Return a letter's facts with another name for all that people name."""
    if isinstance(facts, dict):
        return {
            key: name if key in _TYPED and isinstance(value, str) else called(value, name)
            for key, value in facts.items()
        }
    if isinstance(facts, list):
        return [name if isinstance(one, str) else called(one, name) for one in facts]
    return facts


_TYPED = ("name", "device", "holder", "payee", "payer", "reason", "title", "vendor", "words")


def _told(words: str) -> list[str]:
    """The figures of a text, without those of addresses and references."""
    words = _MARKS.sub("", _ADDRESS.sub("", words))
    return sorted(set(_FIGURES.findall(_REFERENCE.sub("", words))))


def _bare(words: str) -> str:
    return _MARKS.sub("", " ".join(words.split()))
