"""What the demonstration's people say may be said: by people who are there, within every rule."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kernel.web.preferences import LANGUAGES
from marketplace.demo.seed import seed
from marketplace.demo.tour import talk, tour
from marketplace.trust.messages.rules import fragments
from marketplace.trust.questions.rules import LONGEST, SHORTEST

TALK = talk._told()
PEOPLE = json.loads((Path(seed.__file__).parent / "data" / "people.json").read_text())
ASKED = [*TALK["questions"], TALK["waiting"]["question"]]
HELD = [*TALK["threads"], TALK["waiting"]["thread"]]


@pytest.mark.parametrize("one", ASKED, ids=lambda one: one["words"][:20])
def test_a_question_of_the_story_passes_the_rules_of_questions(one):
    assert SHORTEST <= len(one["words"]) <= LONGEST
    assert fragments(one["words"]) == fragments(one.get("answer", "")) == []


@pytest.mark.parametrize("one", HELD, ids=lambda one: one["said"][0][:20])
def test_a_thread_of_the_story_leads_nowhere_else(one):
    assert not any(fragments(words) for words in [*one["said"], *one.get("answers", ())])
    assert len(one.get("answers", ())) <= len(one["said"])


def test_who_speaks_is_there_and_speaks_a_language_of_the_house():
    known = {person["email"] for group in PEOPLE.values() for person in group}
    known |= {shopper.email for shopper in tour.SHOPPERS}
    spoken = [*ASKED, *HELD]

    assert {one["from"] for one in spoken} | {one["by"] for one in spoken if "by" in one} <= known
    assert {one["lang"] for one in spoken} | {one["in"] for one in spoken if "in" in one} <= set(
        LANGUAGES
    )
    assert len({one["lang"] for one in spoken}) >= 3
