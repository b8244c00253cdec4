"""Tests ask pages by code, role, label and the key of a sentence; what helps them is proved."""

import ast
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from kernel.errors import NotSignedIn
from kernel.web import message_catalogues
from tests.asking import english, error_of, heading, problem_code, says

TESTS = Path(__file__).parents[1]

# These are about the words themselves: what a catalogue, a key, a letter's line or a format makes
# of them.
ABOUT_WORDS = {
    "architecture/test_asking.py",
    "architecture/test_message_catalogues.py",
    "kernel/web/test_formats.py",
    "kernel/web/test_letters.py",
    "kernel/web/test_mofile.py",
    "kernel/web/test_route.py",
    "marketplace/aftersales/tracking/test_prospects.py",
}
_ASKED_BY_KEY = {"english", "says"}
_WORDS = re.compile(r"\w\S* \S*\w")
_TAG = re.compile(r"<[^>]*>")


@pytest.fixture(scope="module")
def spoken():
    """All English of the house, a line each, without markup."""
    forms = [
        form
        for m in message_catalogues.read("en")
        if m.id
        for form in message_catalogues.words_of(m)
    ]
    return "\n".join(_TAG.sub("", form) for form in forms)


def literals(node):
    """Yield the texts of an assertion that no helper looks up by key."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _ASKED_BY_KEY:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from literals(child)


def repeated(source, spoken):
    """Return where assertions repeat two words or more of a sentence."""
    return [
        f"{literal.lineno}: {literal.value}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assert)
        for literal in literals(node.test)
        if _WORDS.search(literal.value) and " ".join(literal.value.split()) in spoken
    ]


def test_no_assertion_repeats_the_english_of_pages(spoken):
    found = [
        f"{path.relative_to(TESTS)}:{place}"
        for path in sorted(TESTS.rglob("*.py"))
        if "node_modules" not in path.parts
        and path.relative_to(TESTS).as_posix() not in ABOUT_WORDS
        for place in repeated(path.read_text(encoding="utf-8"), spoken)
    ]
    assert found == []


def test_an_assertion_that_repeats_a_sentence_is_found(spoken):
    page = "assert {} in page.text"
    assert repeated(page.format('"Who are you paying?"'), spoken) == ["1: Who are you paying?"]
    assert repeated(page.format('"are you paying"'), spoken) == ["1: are you paying"]
    assert repeated(page.format('"Celadon teapot"'), spoken) == []
    assert repeated('assert says(page, "Who are you paying?")', spoken) == []


PAGE = """<h1>Who are <b>you</b> paying?</h1><p class=err id=e-country>Please fill this in.</p>
<p>You pay for 3 items</p><button aria-label="Close">x</button>
<p>\u2068€3.00\u2069 is in the wallet.</p>"""


def test_a_page_says_a_sentence_whatever_stands_between_its_words():
    assert says(PAGE, "Who are you paying?")
    assert says(PAGE, "Close")
    assert says(SimpleNamespace(text=PAGE), "%(amount)s is in the wallet.", amount="€3.00")
    assert says(PAGE, "%(amount)s is in the wallet.")
    assert says(["To", "Close"], "Close")


def test_a_page_does_not_say_another_sentence_value_or_more_than_it_says():
    assert not says(PAGE, "No results.")
    assert not says(PAGE, "%(amount)s is in the wallet.", amount="€4.00")
    assert not says(PAGE, "You pay for %(num)s items", num=13)
    assert not says("x" + PAGE.replace("Close", "Closed"), "Close")
    assert not says(["Close it"], "Close")


def test_a_part_stands_for_the_one_sentence_that_holds_it():
    assert english("are you paying") == "Who are you paying?"
    with pytest.raises(AssertionError, match="several sentences hold"):
        english("the goods")
    with pytest.raises(AssertionError, match="price"):
        says(PAGE, "%(amount)s is in the wallet.", price="€3.00")
    with pytest.raises(AssertionError, match="no marked sentence holds"):
        says(PAGE, "What nobody says.")


def test_a_page_is_asked_for_its_heading_and_its_errors():
    assert heading(PAGE) == "Who are you paying?"
    assert says(error_of(PAGE, "country"), "Please fill this in.")
    assert error_of(PAGE, "currency") == ""


def test_a_refusal_carries_its_code_on_a_page_a_form_and_the_page_after(client, monkeypatch):
    def refuse():
        raise NotSignedIn

    monkeypatch.setitem(client.application.view_functions, "shell_pages.choose_settings", refuse)
    token = re.search(r'csrf_token" value="([^"]+)', client.get("/en/settings").text)[1]
    form = {"csrf_token": token, "email": "", "password": ""}

    assert problem_code(client.post("/en/sign-in", data=form)) == "invalid"
    assert problem_code(client.get("/en/no/such/page")) == "not_found"
    assert problem_code(client.post("/en/settings", data=form, follow_redirects=True)) == (
        "not_signed_in"
    )
