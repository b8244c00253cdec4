"""Whoever has the link of a list reads it their own way, and nothing else of its owner."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kernel.money import Money
from marketplace.shop.favourites import service
from marketplace.shop.favourites.errors import NoSuchList
from tests.asking import english, says
from tests.marketplace.shop.favourites.liking import (
    costs_now,
    like,
    lists_of,
    sent,
    shown,
    soup,
)

pytestmark = pytest.mark.usefixtures("rates")


@pytest.fixture
def shared(hers, buyer):
    """A list with one teapot on it, shared in the name of Cam; return goods, list and link."""
    made = shown(titles={"en": "Shino teapot", "fr": "Théière Shino"})
    like(hers, made)
    list_id = lists_of(buyer).chosen.id
    sent(hers, f"{list_id}/share", shown_name="Cam")
    return made, list_id, link_of(buyer)


def link_of(actor):
    return f"/lists/{lists_of(actor).chosen.token}"


def test_the_link_leads_each_reader_to_their_own_language_and_prices(shared, client):
    _, _, link = shared
    led = client.get(link, headers={"Accept-Language": "fr-CH, de;q=0.5"})
    assert led.location.startswith("/fr/favourites/shared/")

    page = soup(client.get(led.location))
    assert [b.text.strip() for b in page.select("li.item p b")] == ["Théière Shino"]
    with client.session_transaction() as cookies:
        cookies["country"], cookies["currency"] = "JP", "JPY"
    there = soup(client.get(led.location)).select_one("li.item .amount").text
    assert "¥" in there or "JPY" in there


def test_a_reader_puts_what_they_find_into_their_own_cart(shared, client):
    _, _, link = shared
    page = soup(client.get(link, follow_redirects=True))
    form = page.select_one('form[action="/en/cart/lines"]')
    values = {field["name"]: field["value"] for field in form.select("input")}

    client.post("/en/cart/lines", data=values)

    assert "Shino teapot" in client.get("/en/cart/").text
    assert page.select('form[action*="/items/"]') == []


def test_the_owner_is_the_name_they_chose_and_nothing_more(shared, client, hers):
    made, list_id, link = shared
    costs_now(made, Money(6900, "JPY"))
    page = client.get(link, follow_redirects=True).text
    assert says(page, "A list by %(owner)s.", owner="Cam")
    for secret in ("Camille", "Martin", "camille@example.com"):
        assert secret not in page
    assert not says(page, "%(amount)s less than when you saved it")

    sent(hers, f"{list_id}/share", shown_name="")
    assert not says(client.get(link, follow_redirects=True).text, "A list by %(owner)s.")


def test_a_link_is_kept_from_search_engines(shared, client):
    page = soup(client.get(shared[2], follow_redirects=True))
    assert page.select_one('meta[name="robots"]')["content"] == "noindex"


def test_a_link_that_was_withdrawn_leads_nowhere_and_the_next_is_another(
    shared, hers, buyer, client
):
    _, list_id, link = shared
    sent(hers, f"{list_id}/share", shown_name="Cam")
    assert link_of(buyer) == link

    sent(hers, f"{list_id}/withdraw")
    assert client.get(link, follow_redirects=True).status_code == 404

    sent(hers, f"{list_id}/share", shown_name="Cam")
    assert link_of(buyer) != link
    assert client.get(link, follow_redirects=True).status_code == 404
    assert client.get(link_of(buyer), follow_redirects=True).status_code == 200


def test_nobody_shares_or_withdraws_another_persons_list(shared, buyer, make_person):
    _, list_id, link = shared
    with pytest.raises(NoSuchList):
        service.share(list_id=list_id, shown_name="Mallory", actor=make_person())
    service.withdraw(list_id=list_id, actor=make_person())

    assert link_of(buyer) == link


def test_guessing_finds_nothing(shared, client):
    assert len(shared[2].removeprefix("/lists/")) >= 22
    for guess in ("", "a", shared[2][7:-1], "%00"):
        assert client.get(f"/lists/{guess}", follow_redirects=True).status_code == 404


def test_a_link_that_leads_to_no_list_says_so_once(client):
    page = client.get("/en/favourites/shared/nobodys")

    assert page.status_code == 404
    main = BeautifulSoup(page.text, "html.parser").main.get_text()
    assert main.count(english("We can't find that page.")) == 1
