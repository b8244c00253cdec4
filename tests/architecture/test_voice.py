"""English as docs/voice.md asks: no sentence says what its list of words forbids."""

from __future__ import annotations

import json
import re
from collections import defaultdict

from kernel.web import message_catalogues
from tests.architecture.rooms import ROOT

VOICE = json.loads((ROOT / "translations/voice.json").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs/voice.md").read_text(encoding="utf-8")
# What a value is called in code is no word of the sentence.
VALUE = re.compile(r"%\(\w+\)")
PATTERNS = {one["word"]: re.compile(one["pattern"], re.IGNORECASE) for one in VOICE["words"]}


def sentences():
    """Yield (words, places) of every English sentence, as it is shown, each plural form apart."""
    for message in message_catalogues.read("en"):
        if message.id:
            shown = (message.string,) if isinstance(message.string, str) else message.string
            places = [place for place, _ in message.locations]
            yield from ((words, places) for words in dict.fromkeys(shown))


def allowance(word, shown, places):
    """Return the exception that lets a sentence have a word: its words, or where it stands."""
    allowed = next(one["allowed"] for one in VOICE["words"] if one["word"] == word)
    if shown in allowed:
        return shown
    return next((at for at in allowed if all(place.startswith(at) for place in places)), None)


def test_no_sentence_says_what_the_list_of_words_forbids():
    said, unread, used = [], defaultdict(int), set()
    for shown, places in sentences():
        for word, pattern in PATTERNS.items():
            if not pattern.search(VALUE.sub("%(", shown)):
                continue
            if exception := allowance(word, shown, places):
                used.add((word, exception))
                continue
            still = {at for at in VOICE["unread"] for p in places if p.startswith(at)}
            for at in still:
                unread[at] += 1
            if not still:
                said.append(f"{places[0]}: “{word}” in: {shown}")

    assert not said, "\n".join(said)
    assert [at for at in VOICE["unread"] if not unread[at]] == [], "read: strike it off the list"
    kept = {(one["word"], at) for one in VOICE["words"] for at in one["allowed"]}
    assert kept - used == set(), "an exception that no sentence needs"


def test_every_exception_has_its_reason():
    reasons = [why for one in VOICE["words"] for why in one["allowed"].values()]
    assert [why for why in reasons if len(why.split()) < 4] == []


def test_the_page_of_voice_has_the_words_of_the_list():
    rows = [(one["word"], one["say"], one["why"]) for one in VOICE["words"]]
    table = PAGE.partition("| don't say | say | because |\n|---|---|---|\n")[2]
    assert [tuple(re.findall(r"\| ([^|]+?) (?=\|)", row)) for row in table.splitlines()] == rows


def test_no_sentence_is_said_as_the_page_of_voice_says_it_was():
    pairs = PAGE.partition("| before | after |\n|---|---|\n")[2].partition("\n\n")[0]
    before = {re.findall(r"\| ([^|]+?) (?=\|)", row)[0] for row in pairs.splitlines()}
    assert len(before) == 40
    still = [
        (places[0], shown)
        for shown, places in sentences()
        if shown in before and not any(p.startswith(at) for at in VOICE["unread"] for p in places)
    ]
    assert still == []
