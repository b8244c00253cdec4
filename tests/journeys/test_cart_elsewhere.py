"""A person's cart is there on every device that they sign in on."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests.journeys.shopping import fill
from tests.market import PASSWORD

pytestmark = pytest.mark.journey


def badge(answer):
    """Return how many pieces the header says, None where it says nothing."""
    link = BeautifulSoup(answer.text, "html.parser").select_one("header a[href$='/cart/']")
    figures = [word for word in link.get_text(" ").split() if word.isdigit()]
    return int(figures[0]) if figures else None


def test_another_device_shows_the_cart_after_signing_in(market, noon, signed_in, browse):
    buyer = signed_in("camille@example.com")
    fill(market, buyer)

    elsewhere = browse()
    form = {"csrf_token": "test-token", "email": "camille@example.com", "password": PASSWORD}
    assert elsewhere.post("/en/sign-in", data=form).status_code == 303

    assert badge(elsewhere.get("/en/")) == 2
    titles = BeautifulSoup(elsewhere.get("/en/cart/").text, "html.parser").select("main li.item")
    assert len(titles) == 2
    assert badge(browse().get("/en/")) is None
