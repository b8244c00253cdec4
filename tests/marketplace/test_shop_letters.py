"""Letters of the marketplace, with what its events carry: whole in both parts."""

import pytest

from kernel.web.letters import render_letter
from tests.letters import LIKE_TIMES, LOCALES, assert_whole, called, templates
from tests.marketplace.letter_facts import SENT


def test_no_letter_of_the_marketplace_is_forgotten():
    assert [f"marketplace/mail/{name}.txt" for name in SENT] == templates("marketplace")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", SENT)
def test_every_letter_says_the_same_in_both_parts_and_whom_to_ask(name, locale):
    for data in SENT[name]:
        assert_whole(render_letter(f"marketplace/mail/{name}.txt", locale, data), locale)


@pytest.mark.parametrize("name", LIKE_TIMES)
@pytest.mark.parametrize("template", SENT)
def test_what_looks_like_a_day_is_said_as_it_was_typed(template, name):
    for data in SENT[template]:
        text = render_letter(f"marketplace/mail/{template}.txt", "en", called(data, name)).text
        assert f"Hello {name}," in text
