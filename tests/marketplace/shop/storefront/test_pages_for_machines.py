"""What search engines and robots read: lists of pages, what is public, one address a page."""

from __future__ import annotations

import re
from urllib.robotparser import RobotFileParser

import pytest

from tests.marketplace.shop.storefront.browsing_shop import product, shown

pytestmark = pytest.mark.usefixtures("rates")


def addresses(answer):
    assert answer.status_code == 200
    assert answer.mimetype == "application/xml"
    return re.findall("<loc>([^<]+)</loc>", answer.text)


def test_lists_for_search_engines_lead_to_every_public_page_in_every_language(client):
    made = shown()
    index = addresses(client.get("/sitemap.xml"))
    path = [one.split("/", 3)[3] for one in index if "/de/" in one]

    shelves_of, *goods_of = [client.get(f"/{one}") for one in path]
    listed = [one for part in goods_of for one in addresses(part)]

    assert len({one.split("/")[4] for one in index}) == 9
    assert any(one.endswith(f"/de/p/{made.ref}/shino-teapot") for one in listed)
    assert any(one.endswith("/de/c/teapots-s") for one in addresses(shelves_of))
    assert shelves_of.text.count('hreflang="x-default"') == len(addresses(shelves_of))
    assert client.get("/" + listed[0].split("/", 3)[3]).status_code == 200
    assert client.get("/sitemap/xx/shelves.xml").status_code == 404


def test_robots_read_what_is_public_and_nothing_of_anybodys_own(client):
    told = client.get("/robots.txt").text
    robots = RobotFileParser()
    robots.parse(told.splitlines())

    def may(path):
        return robots.can_fetch("Anybot", f"https://shop.example{path}")

    barred = ["cart/", "checkout/12/review", "orders/G-1", "bank/", "messages/", "returns/1"]
    open_ones = [
        "",
        "p/P-1/cartella-leather-satchel",
        "p/P-2/desk-clock",
        "c/covers",
        "shops/cart-co",
        "cover/product-information",
    ]
    for lang in ("en", "zh-cn", "ar"):
        assert [page for page in barred if may(f"/{lang}/{page}")] == []
        assert [page for page in open_ones if not may(f"/{lang}/{page}")] == []
    assert re.search(r"^Sitemap: https?://.+/sitemap.xml$", told, re.MULTILINE)


@pytest.mark.parametrize("lang", ["en", "ar", "zh-cn"])
def test_a_public_page_names_itself_and_its_sisters(client, lang):
    made = shown()

    page = product(client, made, "?v=anything&quantity=1", lang=lang)
    sisters = {link["hreflang"]: link["href"] for link in page.find_all("link", hreflang=True)}

    assert len(sisters) == 10
    assert page.find("link", rel="canonical")["href"].endswith(f"/{lang}/p/{made.ref}/shino-teapot")
    assert sisters[page.html["lang"]] == page.find("link", rel="canonical")["href"]
