"""A page that was green is looked at again when what it is made of, or who looks, has changed."""

import os

import pytest

from tests.browser import remembering
from tests.browser.remembering import Memory, without_lots

PAGE = (
    '<link href="/static/app.6517a00e.css"><a href="/en/orders/G-{ref}?key={key}">{words}</a>'
    '<i id="{key}"></i><img src="/media/drawn/cup-{drawn}-f3f0e8.svg">'
    '<i>HC-{sum} {sum} … 0a7c2e11</i><path d="{squares}">'
)
DRAWN = {
    "ref": "V2EK63N9",
    "key": "01a226d0-38c7-763f-827b-7062e1366c14",
    "drawn": "7e17",
    "sum": "f2cfffcc",
    "squares": "M2 2h7v1h-7z" * 30,
}
DRAWN_AGAIN = {
    "ref": "KPVQGQDW",
    "key": "01a226d2-3003-7450-8292-7b4b22fa1d59",
    "drawn": "11c3",
    "sum": "7c0966e2",
    "squares": "M10 2h1v1h-1z" * 40,
}


@pytest.fixture
def seen(tmp_path, monkeypatch):
    """Look at pages in a place of the test's own, as on somebody's machine."""
    monkeypatch.setattr(remembering, "FOLDER", tmp_path / "pages")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("LOOK_AT_ALL", raising=False)
    Memory("en").keep(PAGE.format(**DRAWN, words="Two teapots"), {"rows": [1]})


def test_a_page_of_another_past_is_the_same_page(seen):
    assert Memory("en").recalled(PAGE.format(**DRAWN_AGAIN, words="Two teapots")) == {"rows": [1]}


def test_two_things_that_were_one_are_another_page():
    page = "<a href='/G-V2EK63N9'></a><a href='/{}'></a>"
    assert without_lots(page.format("G-V2EK63N9")) != without_lots(page.format("G-KPVQGQDW"))


@pytest.mark.parametrize(
    ("before", "after"), [("Two teapots", "Ten teapots"), ("app.6517a00e.css", "app.6517a00f.css")]
)
def test_other_words_and_another_sheet_are_looked_at(seen, before, after):
    page = PAGE.format(**DRAWN, words="Two teapots").replace(before, after)
    assert Memory("en").recalled(page) is None


def test_another_question_about_a_page_is_asked(seen):
    assert Memory("ar").recalled(PAGE.format(**DRAWN, words="Two teapots")) is None


@pytest.mark.parametrize("name", ["CI", "LOOK_AT_ALL"])
def test_whoever_has_to_look_at_all_remembers_nothing(seen, monkeypatch, name):
    monkeypatch.setenv(name, "true")
    assert Memory("en").recalled(PAGE.format(**DRAWN, words="Two teapots")) is None


def test_what_was_not_asked_for_in_a_month_is_forgotten(seen):
    (kept,) = remembering.FOLDER.iterdir()
    remembering.forget_old()
    assert Memory("en").holds_any

    asked = kept.stat().st_mtime - remembering.FORGOTTEN_AFTER.total_seconds() - 1
    os.utime(kept, (asked, asked))
    remembering.forget_old()

    assert not Memory("en").holds_any
