"""Letters that a lived past has sent, with what the events really carried."""

from __future__ import annotations

from collections import defaultdict

import pytest
from sqlalchemy import text

from kernel import testing
from kernel.web.letters import render_letter
from tests.letters import LOCALES, assert_whole
from tests.marketplace.letter_facts import SENT

_KEPT = text("SELECT template, data FROM kernel.mail ORDER BY created_at, id")


@pytest.fixture(scope="module")
def kept(_past):
    """What every letter of the past was sent with, by its template."""
    letters = defaultdict(list)
    with testing.engine_on(_past[0]) as engine, engine.connect() as past:
        for row in past.execute(_KEPT):
            letters[row.template].append(row.data)
    return letters


@pytest.mark.parametrize("locale", LOCALES)
def test_every_letter_that_was_sent_is_whole_in_every_language(kept, locale):
    assert len(kept) > 30
    for template, sent in kept.items():
        for data in sent:
            assert_whole(render_letter(template, locale, data), locale)


def test_events_carry_what_the_letters_are_tried_with(kept):
    for name, tried in SENT.items():
        shapes = [data.keys() for data in tried]
        for data in kept.get(f"marketplace/mail/{name}.txt", []):
            assert data.keys() in shapes, name
