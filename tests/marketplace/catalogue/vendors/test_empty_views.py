"""Each view of a list at the vendor's desk, while it is empty, says what it would show."""

import pytest
from bs4 import BeautifulSoup

from tests.marketplace.makers import make_vendor


@pytest.fixture
def shop(db):
    """A shop that nothing has happened to."""
    return make_vendor()


@pytest.mark.parametrize(
    ("address", "views"),
    [
        (
            "/en/desk/orders",
            ["to-pack", "today", "late", "disputed", "under-way", "delivered", "closed"],
        ),
        ("/en/desk/returns/", ["open", "over"]),
        ("/en/desk/messages/", ["all", "unread"]),
        ("/en/desk/questions/", ["waiting", "answered"]),
    ],
)
def test_each_empty_view_says_its_own(browser, address, views):
    said = {}
    for view in views:
        page = BeautifulSoup(browser.get(f"{address}?view={view}").text, "html.parser")
        (empty,) = page.select(".empty")
        assert page.select_one(".chips [aria-current]")["href"].endswith(f"view={view}")
        said[view] = empty.get_text()

    assert len(set(said.values())) == len(views)
