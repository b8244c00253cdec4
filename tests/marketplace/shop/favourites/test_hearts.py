"""A heart stands beside all goods, is pressed without an account, and comes along to one."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel.actor import SYSTEM
from marketplace.catalogue.products import service as catalogue
from marketplace.shop.favourites import rules
from tests.asking import says
from tests.marketplace.shop.favourites.liking import (
    heart,
    like,
    liked,
    lists_of,
    sent,
    shown,
    soup,
    token_of,
)

pytestmark = pytest.mark.usefixtures("rates")

KEEP, DROP = "/en/favourites/hearts", "/en/favourites/hearts/drop"
MEI = {"email": "mei@example.com", "password": "correct horse battery staple"}


@pytest.mark.parametrize("who", ["stranger", "hers"])
def test_a_heart_fills_and_empties_on_cards_and_on_the_page_of_goods(who, request):
    browser, made = request.getfixturevalue(who), shown()
    page = f"/en/p/{made.ref}/shino-teapot"
    assert heart(browser, made) == ("false", KEEP)
    assert heart(browser, made, page) == ("false", KEEP)

    like(browser, made)
    like(browser, made)
    assert heart(browser, made) == ("true", DROP)
    assert heart(browser, made, page) == ("true", DROP)
    assert liked(browser) == ["Shino teapot"]

    sent(browser, "hearts/drop", product=made.ref)
    assert heart(browser, made) == ("false", KEEP)
    assert liked(browser) == []


def test_the_heart_leads_back_to_its_page_and_nowhere_else(stranger):
    made = shown()
    back = sent(stranger, "hearts", product=made.ref, next="/en/goods/?sort=new")
    away = sent(stranger, "hearts", product=made.ref, next="//elsewhere.example/")

    assert back.location == "/en/goods/?sort=new"
    assert away.location == "/en/favourites/"


def test_the_heart_of_a_page_shown_for_a_refused_form_leads_to_a_page(stranger):
    made = shown()
    stranger.get(f"/en/p/{made.ref}/shino-teapot")
    form = {"csrf_token": token_of(stranger), "quantity": "0"}
    refused = BeautifulSoup(stranger.post("/en/cart/lines", data=form).text, "html.parser")

    way = refused.select_one("#hearts [name=next]")["value"]
    back = sent(stranger, "hearts", product=made.ref, next=way)

    assert stranger.get(back.location).status_code == 200


def test_the_page_after_a_press_says_so_unless_the_heart_itself_does(stranger):
    made = shown()
    sent(stranger, "hearts", product=made.ref, quiet="1")
    assert not says(stranger.get("/en/goods/").text, "Saved to your favourites.")

    sent(stranger, "hearts", product=made.ref)
    assert says(stranger.get("/en/goods/").text, "Saved to your favourites.")


def test_a_page_has_one_form_for_all_its_hearts(stranger):
    one, other = shown(), shown("Oribe bowl")
    page = soup(stranger.get(f"/en/p/{one.ref}/shino-teapot"))

    assert len(page.select("form#hearts")) == 1
    hearts = {button["value"] for button in page.select('button[form="hearts"]')}
    assert hearts == {one.ref, other.ref}


def test_what_a_stranger_likes_stands_in_their_cookie_alone(stranger, db):
    made = shown()
    like(stranger, made)

    with stranger.session_transaction() as cookies:
        ((ref, minor, currency, country),) = cookies["hearts"]
    assert (ref, currency, country) == (made.ref, "EUR", "DE")
    assert minor > 5000
    assert db.execute(text("SELECT count(*) FROM marketplace.wish_list")).scalar_one() == 0


def test_goods_that_never_were_are_not_liked(stranger, hers):
    assert sent(stranger, "hearts", product="P-NEVERWAS").status_code == 404
    assert sent(hers, "hearts", product="P-NEVERWAS").status_code == 404
    assert liked(stranger) == liked(hers) == []


@pytest.mark.parametrize("who", ["stranger", "hers"])
def test_goods_that_were_taken_down_are_not_liked_and_not_named(who, request):
    browser, made = request.getfixturevalue(who), shown()
    catalogue.take_down(product_id=made.product_id, actor=SYSTEM)

    assert sent(browser, "hearts", product=made.ref).status_code == 404
    assert liked(browser) == []


def test_a_full_cookie_asks_to_sign_in(stranger, monkeypatch):
    monkeypatch.setattr("marketplace.shop.favourites.hearts.MOST_IN_BROWSER", 1)
    like(stranger, shown())

    refused = sent(stranger, "hearts", product=shown("Oribe bowl").ref)

    assert refused.status_code == 409
    assert says(refused.text, "You have saved %(most)d items. Sign in to save more.", most=1)
    assert liked(stranger) == ["Shino teapot"]


def test_a_persons_lists_are_full_one_day(hers, monkeypatch):
    monkeypatch.setattr(rules, "MOST_WISHES", 1)
    like(hers, shown())

    assert sent(hers, "hearts", product=shown("Oribe bowl").ref).status_code == 409
    assert liked(hers) == ["Shino teapot"]


def enters(browser, address, **more):
    form = MEI | {"csrf_token": token_of(browser)} | more
    answer = browser.post(f"/en/{address}", data=form)
    assert answer.status_code == 303, answer.text[:800]


def test_hearts_come_along_into_an_account(stranger):
    first, second = shown(), shown("Oribe bowl")
    like(stranger, first)
    like(stranger, second)

    enters(stranger, "sign-up", name="Mei")

    assert liked(stranger) == ["Oribe bowl", "Shino teapot"]
    assert heart(stranger, first) == ("true", DROP)
    with stranger.session_transaction() as cookies:
        assert "hearts" not in cookies


def test_hearts_join_what_the_account_has_and_nothing_stands_twice(stranger):
    both, mine = shown(), shown("Oribe bowl")
    enters(stranger, "sign-up", name="Mei")
    like(stranger, both)
    stranger.post("/en/sign-out", data={"csrf_token": token_of(stranger)})
    assert liked(stranger) == []
    like(stranger, both)
    like(stranger, mine)

    enters(stranger, "sign-in")

    assert liked(stranger) == ["Oribe bowl", "Shino teapot"]


def test_only_what_fits_comes_along(stranger, monkeypatch):
    monkeypatch.setattr(rules, "MOST_WISHES", 1)
    like(stranger, shown())
    like(stranger, shown("Oribe bowl"))

    enters(stranger, "sign-up", name="Mei")

    assert liked(stranger) == ["Oribe bowl"]


def test_the_price_at_the_door_is_kept_with_it(hers, buyer):
    like(hers, shown())

    (wish,) = lists_of(buyer).wishes
    assert wish.less is None
    assert wish.card.price > wish.goods
