"""Letters of the marketplace, with what its events carry: whole in both parts."""

import pytest

from kernel.web.letters import render_letter
from tests.letters import LOCALES, assert_whole, templates
from tests.marketplace.letter_facts import SENT


def test_no_letter_of_the_marketplace_is_forgotten():
    assert [f"marketplace/mail/{name}.txt" for name in SENT] == templates("marketplace")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", SENT)
def test_every_letter_says_the_same_in_both_parts_and_whom_to_ask(name, locale):
    for data in SENT[name]:
        assert_whole(render_letter(f"marketplace/mail/{name}.txt", locale, data), locale)
