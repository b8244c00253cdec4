"""Public pages as a whole: found or not found, open about who trades, within their statements."""

from __future__ import annotations

import pytest

from kernel.db import counting_queries
from tests.marketplace.shop.storefront.browsing_shop import shown, soup

pytestmark = pytest.mark.usefixtures("rates")


@pytest.mark.parametrize(
    "path",
    ["/en/p/P-NOTHERE1/x", "/en/c/no-such-shelf", "/en/shops/nobody", "/en/goods/?after=zz"],
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_shop_shows_who_trades(client):
    made = shown()

    page = soup(client.get(f"/en/shops/{made.vendor.slug}"))

    assert "3-12 Honmachi, 507-0033, Tajimi, Japan" in page.text
    assert "2000-01-014872" in page.text


def test_pages_stay_within_their_statements(german):
    made = shown()
    paths = {
        "/en/": 4,
        "/en/c/teapots-s": 4,
        f"/en/p/{made.ref}/shino-teapot": 4,
        f"/en/shops/{made.vendor.slug}": 4,
    }
    for path, most in paths.items():
        german.get(path)
        with counting_queries() as asked:
            german.get(path)

        assert len(asked) <= most, (path, asked.statements)


def test_a_cold_process_stays_within_fifteen_statements(german):
    from kernel import memory

    made = shown()
    for path in ("/en/", "/en/c/teapots-s", f"/en/p/{made.ref}/shino-teapot"):
        memory.forget_everything()
        with counting_queries() as asked:
            german.get(path)

        assert len(asked) <= 15, (path, len(asked))
