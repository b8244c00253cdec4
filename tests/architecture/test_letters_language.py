"""One person gets letters in one language: theirs, and all of a letter in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from kernel.web import message_catalogues
from kernel.web.letters import render_letter
from kernel.web.preferences import LANGUAGES
from tests.architecture.rooms import TREES
from tests.kernel.letter_facts import SAMPLE
from tests.letters import templates
from tests.marketplace.letter_facts import SENT

# Who writes to somebody without a row of their own at hand, and why the language is theirs.
_OTHERWISE = {
    ("kernel/people/identity/service.py", "register"): "the row is made by the same command",
    ("kernel/people/emails/service.py", "_write"): "one person at two addresses",
    ("insurance/reporting/insurer_people/service.py", "send"): "theirs, where there is an account",
    ("marketplace/trust/moderation/letters.py", "_to_reporter"): "a stranger has no language kept",
}
# Who writes to a bare address: links in these letters open nothing for a guest, and need not.
_BARE = {
    ("kernel/people/identity/service.py", "register"): "a new account's",
    ("kernel/people/emails/service.py", "_write"): "an account's two addresses",
    ("insurance/reporting/insurer_people/service.py", "send"): "who is invited may have no account",
    ("marketplace/trust/moderation/letters.py", "_to_reporter"): "it is a stranger's",
    ("marketplace/shop/favourites/letters.py", "_send"): "favourites take an account",
    ("banking/cards/purchases/jobs.py", "tell_of_credit"): "its link is the payment's own",
    ("banking/cards/purchases/jobs.py", "tell_given_up"): "it has no link",
}
_VALUE = re.compile(r"%\(\w+\)[a-z]|%%")
_FACTS = {
    # The reason of a payout is the code of another bank, that of the others a marked sentence.
    name: [SAMPLE | {"reason": "AC04" if name.endswith("payout.txt") else "Your name"}]
    for name in templates("kernel", "banking", "insurance")
} | {f"marketplace/mail/{name}.txt": ways for name, ways in SENT.items()}
_OTHERS = [locale for locale in LANGUAGES.values() if locale != "en"]


def sent() -> Iterator[tuple[str, str, ast.Call]]:
    """Return every call that sends a letter, with its file and the function it stands in."""
    for path, tree in TREES.items():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and ast.unparse(call.func) == "mail.send":
                        yield str(path), function.name, call


def test_every_letter_is_sent_in_the_language_of_whom_it_is_sent_to():
    found = list(sent())
    odd = set()
    for path, function, call in found:
        said = {key.arg: ast.unparse(key.value) for key in call.keywords}
        reader = said["to"].removesuffix(".email")
        if said["locale"] != f"{reader}.locale":
            odd.add((path, function))

    assert len(found) > 25
    assert odd == set(_OTHERWISE)


def test_every_letter_is_written_to_somebody_so_that_a_guest_opens_its_links():
    bare = {
        (path, function)
        for path, function, call in sent()
        for key in call.keywords
        if key.arg == "to"
        and (not isinstance(key.value, ast.Name) or key.value.id in {"to", "email"})
    }

    assert bare == set(_BARE)


@cache
def _english(locale: str) -> dict[str, list[tuple[str, str]]]:
    """Return by file what its sentences are in English, and in a language."""
    english = message_catalogues.read("en")
    said: dict[str, list[tuple[str, str]]] = {}
    for message in message_catalogues.read(locale):
        if not message.id:
            continue
        forms = message_catalogues.words_of(english.get(message.id, message.context))
        own = " ".join(message_catalogues.words_of(message))
        for place in {name for name, _ in message.locations}:
            said.setdefault(place, []).extend((form, own) for form in forms)
    return said


def written(template: str, locale: str, facts: dict[str, object]) -> str:
    """Return a letter's subject and its text."""
    letter = render_letter(template, locale, facts)
    return f"{letter.subject}\n{letter.text}"


def left_in_english(template: str, locale: str, text: str) -> list[str]:
    """Return what of a letter's own sentences stands in it in English."""
    floor, _, name = template.partition("/")
    place = str(Path(floor, "templates", name))
    return [
        part
        for sentence, own in _english(locale)[place]
        for part in map(str.strip, _VALUE.split(sentence))
        if len(part) > 8 and part not in own and part in text
    ]


@pytest.mark.parametrize("locale", _OTHERS)
def test_no_letter_mixes_english_into_another_language(locale):
    marked = {m.id for m in message_catalogues.read("en") if isinstance(m.id, str) and m.id}
    mixed = {}
    for template, ways in _FACTS.items():
        for facts in ways:
            text = written(template, locale, facts)
            told = [f for f in facts.values() if isinstance(f, str) and f in marked and f in text]
            if wrong := told + left_in_english(template, locale, text):
                mixed[template] = wrong

    assert mixed == {}
    assert len(_FACTS) > 50


def test_english_in_the_letter_of_another_language_would_be_found():
    missed = [
        template
        for template, ways in _FACTS.items()
        if not any(
            left_in_english(template, "de", written(template, "en", facts)) for facts in ways
        )
    ]

    assert missed == []
