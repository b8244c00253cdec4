"""No page of bank, cover, desks and mailbox keeps anybody out, as far as axe can tell."""

from __future__ import annotations

import pytest

from tests.browser.axe import LETTER, faults, violations
from tests.browser.pages import MONEY_AND_DESKS
from tests.browser.visiting import LANGUAGES, assert_none, visit, window

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("lang", LANGUAGES)
def test_bank_cover_and_desks_keep_nobody_out(house, chromium, lang):
    assert_none(faults(house, chromium, lang, MONEY_AND_DESKS))


def test_every_letter_can_be_read_by_everybody(house, chromium):
    letters = house.names["mails"].split()
    assert len(letters) > 8
    with window(chromium) as page:
        for letter in letters:
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                visit(house, page, None, "en", f"/mailbox/{letter}/body")
                assert violations(page, LETTER) == [], page.url
