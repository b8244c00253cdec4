"""A person keeps several lists by name: what stands on them is theirs, and goes with them."""

from __future__ import annotations

import pytest

from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from kernel.money import Money
from kernel.people.privacy import queries as privacy
from kernel.people.privacy import service as leaving
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.products import service as catalogue
from marketplace.shop.favourites import rules, service
from marketplace.shop.favourites.errors import ListNameTaken, NoSuchList, TooManyLists
from marketplace.shop.favourites.kept import Kept
from marketplace.shop.listing_index import service as shelves
from tests.asking import says
from tests.marketplace.shop.favourites.liking import (
    costs_now,
    like,
    liked,
    lists_of,
    sent,
    shown,
    soup,
)

pytestmark = pytest.mark.usefixtures("rates")


def names(actor):
    return [(one.name, one.goods) for one in lists_of(actor).lists]


def test_lists_are_begun_named_and_deleted(hers, buyer):
    like(hers, shown())
    made = sent(hers, "", name="Kitchen")
    kitchen = made.location.removeprefix("/en/favourites/")
    assert names(buyer) == [("", 1), ("Kitchen", 0)]

    sent(hers, f"{kitchen}name", name="For Lyon")
    assert names(buyer) == [("", 1), ("For Lyon", 0)]

    sent(hers, f"{kitchen}end")
    assert names(buyer) == [("", 1)]
    assert hers.get(made.location).status_code == 404


def test_goods_move_between_lists_and_leave_one(hers, buyer):
    like(hers, shown())
    kitchen = service.begin(name="Kitchen", actor=buyer)
    page = lists_of(buyer)
    moved = sent(hers, f"items/{page.wishes[0].id}/move", list=str(kitchen))

    assert moved.location == f"/en/favourites/{page.chosen.id}/"
    assert liked(hers) == []
    assert liked(hers, f"/en/favourites/{kitchen}/") == ["Shino teapot"]

    (wish,) = lists_of(buyer, kitchen).wishes
    sent(hers, f"items/{wish.id}/off")
    assert liked(hers, f"/en/favourites/{kitchen}/") == []


def test_moving_to_where_it_stands_changes_nothing(buyer):
    made = shown()
    service.keep(kept=Kept(made.ref), actor=buyer)
    page = lists_of(buyer)

    service.move(wish_id=page.wishes[0].id, list_id=page.chosen.id, actor=buyer)

    assert [wish.ref for wish in lists_of(buyer).wishes] == [made.ref]


def test_names_are_taken_once_whatever_their_letters_size(buyer):
    service.begin(name="Kitchen", actor=buyer)
    with pytest.raises(ListNameTaken):
        service.begin(name="KITCHEN", actor=buyer)
    first = lists_of(buyer).lists[0].id
    with pytest.raises(ListNameTaken):
        service.name_list(list_id=first, name="kitchen", actor=buyer)
    service.name_list(list_id=first, name="Hall", actor=buyer)
    service.name_list(list_id=first, name="hall", actor=buyer)
    assert names(buyer) == [("hall", 0), ("Kitchen", 0)]


def test_a_person_has_so_many_lists_at_most(buyer, monkeypatch):
    monkeypatch.setattr(rules, "MOST_LISTS", 2)
    service.begin(name="Kitchen", actor=buyer)

    with pytest.raises(TooManyLists):
        service.begin(name="Hall", actor=buyer)


def test_nobody_touches_another_persons_lists(buyer, make_person):
    made, other = shown(), make_person()
    service.keep(kept=Kept(made.ref), actor=buyer)
    page = lists_of(buyer)
    wish, own = page.wishes[0].id, service.begin(name="Mine", actor=other)

    with pytest.raises(NoSuchList):
        service.move(wish_id=wish, list_id=own, actor=other)
    with pytest.raises(NoSuchList):
        service.move(wish_id=wish, list_id=own, actor=buyer)
    with pytest.raises(NoSuchList):
        service.name_list(list_id=page.chosen.id, name="Yours", actor=other)
    with pytest.raises(NoSuchList):
        lists_of(other, page.chosen.id)
    service.take_off(wish_id=wish, actor=other)
    service.end(list_id=page.chosen.id, actor=other)
    service.drop(ref=made.ref, actor=other)

    assert [one.ref for one in lists_of(buyer).wishes] == [made.ref]


def test_one_press_puts_it_into_the_cart_where_there_is_one_version(hers):
    like(hers, shown())
    form = soup(hers.get("/en/favourites/")).select_one('form[action="/en/cart/lines"]')
    values = {field["name"]: field["value"] for field in form.select("input")}

    hers.post("/en/cart/lines", data=values)

    assert "Shino teapot" in hers.get("/en/cart/").text


def test_what_became_cheaper_says_by_how_much(hers, buyer):
    made = shown()
    like(hers, made)
    before = lists_of(buyer).wishes[0].card.price
    costs_now(made, Money(6900, "JPY"))

    (wish,) = lists_of(buyer).wishes
    assert wish.less == before - wish.card.price
    page = hers.get("/en/favourites/").text
    assert says(page, "%(amount)s less than when you saved it")


def test_what_is_sold_out_or_gone_stays_and_says_so(hers):
    out, gone = shown(), shown("Oribe bowl")
    like(hers, out)
    like(hers, gone)
    inventory.count(offer_id=out.offer_id, on_hand=0, actor=SYSTEM)
    catalogue.take_down(product_id=gone.product_id, actor=SYSTEM)
    shelves.refresh(product_ids=[out.product_id, gone.product_id], actor=SYSTEM)

    page = soup(hers.get("/en/favourites/"))
    assert liked(hers) == ["Oribe bowl", "Shino teapot"]
    assert says(page.select("li.item")[0], "No longer for sale")
    assert says(page.select("li.item")[1], "Sold out")
    assert page.select('form[action="/en/cart/lines"]') == []


def test_a_list_turns_its_pages_and_costs_the_same(hers, buyer):
    goods = [shown(f"Bowl {number}") for number in range(26)]
    for one in goods:
        service.keep(kept=Kept(one.ref), actor=buyer)
    hers.get("/en/favourites/")
    with counting_queries() as counted:
        first = soup(hers.get("/en/favourites/"))
    assert len(first.select("li.item")) == 24
    assert len(counted) <= 6

    second = liked(hers, first.select_one('a[rel="next"]')["href"])
    assert second == ["Bowl 1", "Bowl 0"]


def test_the_file_of_a_person_holds_their_lists_and_leaving_takes_them(buyer, make_person):
    made, other = shown(), make_person()
    for person in (buyer, other):
        service.keep(kept=Kept(made.ref, 9900, "EUR", "DE"), actor=person)
    with reading():
        (line,) = privacy.export_of(buyer)["favourites"]
    assert (line["product"], line["price"]) == (made.ref, "99.00 EUR")

    leaving.let_go(person_id=buyer.person_id, actor=buyer)

    assert lists_of(buyer).lists == []
    assert [one.ref for one in lists_of(other).wishes] == [made.ref]
