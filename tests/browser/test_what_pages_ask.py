"""Every page that there is asks the database at most fifteen questions, once its process is warm."""

from __future__ import annotations

import pytest

from kernel.db import counting_queries
from tests.browser.pages import PAGES
from tests.browser.people import browser

pytestmark = pytest.mark.browser

BUDGET = 15


def test_no_page_asks_more_than_fifteen_questions(house):
    browsers = {who: browser(house.app, house.actors.get(who)) for who, _ in PAGES}
    over = {}
    for who, address in PAGES:
        first = browsers[who].get(f"/en{address.format(**house.names)}", follow_redirects=True)
        page = first.request.full_path
        with counting_queries() as asked:
            answer = browsers[who].get(page)
        assert answer.status_code in {200, 403, 404}, page
        if len(asked) > BUDGET:
            over[page] = [len(asked), *asked.statements]

    assert over == {}
