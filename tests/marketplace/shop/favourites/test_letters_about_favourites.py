"""Who likes goods hears once that they are cheaper at their door, or there again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock, mail
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading, transaction
from kernel.money import Money
from kernel.people.notices import service as notices
from kernel.web import Preferences
from kernel.web.letters import render_letter
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.inventory.events import StockCrossed
from marketplace.catalogue.products import service as catalogue
from marketplace.shop.favourites import falls, jobs, letters, queries, service
from marketplace.shop.listing_index import service as shelves
from tests.marketplace.shop.favourites.liking import (
    costs_now,
    like,
    lists_of,
    sent,
    shown,
    soup,
)

pytestmark = pytest.mark.usefixtures("rates")

CHEAPER, BACK = "favourites_cheaper", "favourites_back"


def written(name):
    with reading():
        found = mail.mailbox(limit=200)
    return [m for m in found if m.template == f"marketplace/mail/{name}.txt"]


def body(letter):
    return render_letter(letter.template, letter.locale, letter.data)


def counted(made, pieces, outbox):
    """Let the shop count its pieces, and the room hear of it."""
    inventory.count(offer_id=made.offer_id, on_hand=pieces, actor=SYSTEM)
    shelves.refresh(product_ids=[made.product_id], actor=SYSTEM)
    crossed = [event for event in outbox() if isinstance(event, StockCrossed)][-1]
    with transaction(name="test", actor=SYSTEM):
        jobs.look_at_stock(crossed)


def later(**by):
    clock.freeze(clock.now() + timedelta(**by))


def test_a_price_that_fell_is_told_once_in_the_readers_language(hers):
    made = shown(titles={"en": "Shino teapot", "fr": "Théière Shino"})
    like(hers, made)
    jobs.tell_falls()
    assert written(CHEAPER) == []

    costs_now(made, Money(6900, "JPY"))
    jobs.tell_falls()
    jobs.tell_falls()

    (letter,) = written(CHEAPER)
    assert (letter.recipient, letter.locale) == ("camille@example.com", "fr")
    assert "Théière Shino" in body(letter).subject
    assert f"/fr/p/{made.ref}/" in body(letter).text
    (line,) = letter.data["goods"]
    assert line["seen"]["currency"] == line["now"]["currency"] == "EUR"
    assert line["now"]["minor"] < line["seen"]["minor"]


def test_a_small_fall_is_no_news(hers):
    made = shown()
    like(hers, made)
    costs_now(made, Money(8800, "JPY"))
    jobs.tell_falls()

    assert written(CHEAPER) == []


def test_what_fell_while_it_is_sold_out_is_told_when_it_is_there(hers, outbox):
    made = shown()
    like(hers, made)
    costs_now(made, Money(5900, "JPY"))
    counted(made, 0, outbox)
    jobs.tell_falls()
    assert written(CHEAPER) == []

    counted(made, 4, outbox)
    jobs.tell_falls()
    assert len(written(CHEAPER)) == 1


def test_several_falls_are_one_letter_and_goods_on_two_lists_one_line(hers, buyer):
    goods = [shown(f"Bowl {number}") for number in range(12)]
    for one in goods:
        like(hers, one)
        costs_now(one, Money(5900, "JPY"))
    jobs.tell_falls()

    (letter,) = written(CHEAPER)
    assert (letter.data["count"], len(letter.data["goods"])) == (12, 10)


def test_people_are_read_some_at_a_time_and_each_statement_serves_many(make_person, monkeypatch):
    monkeypatch.setattr(falls, "_PEOPLE", 2)
    made = shown()
    to = Preferences("en", "DE", "EUR")
    for _ in range(5):
        with reading():
            kept = queries.priced(made.ref, to)
        service.keep(kept=kept, actor=make_person())
    costs_now(made, Money(5900, "JPY"))
    with reading(), counting_queries() as asked:
        found, last = falls.next_falls(falls.NOBODY)
    assert (len(found), len(asked)) == (2, 2)
    assert last is not None

    jobs.tell_falls()
    assert len(written(CHEAPER)) == 5


def test_goods_that_are_back_are_told_once(hers, outbox):
    made = shown()
    like(hers, made)
    counted(made, 0, outbox)
    assert written(BACK) == []
    later(hours=2)

    counted(made, 3, outbox)
    with transaction(name="test", actor=SYSTEM):
        letters.look_at_stock(offer_ids=[made.offer_id], actor=SYSTEM)

    (letter,) = written(BACK)
    assert "Shino teapot" in body(letter).subject
    assert letter.data["goods"] == [{"ref": made.ref, "title": "Shino teapot"}]


def test_a_last_piece_that_an_unfinished_checkout_held_is_no_news(hers, outbox):
    made = shown()
    like(hers, made)
    counted(made, 0, outbox)
    later(minutes=31)
    counted(made, 1, outbox)

    assert written(BACK) == []


def test_what_was_sold_out_when_it_was_liked_is_told_whenever_it_comes(hers, outbox):
    made = shown(stock=0)
    like(hers, made)
    counted(made, 1, outbox)

    assert len(written(BACK)) == 1


def test_goods_that_were_taken_down_are_not_back(hers, outbox):
    made = shown(stock=0)
    like(hers, made)
    catalogue.take_down(product_id=made.product_id, actor=SYSTEM)
    counted(made, 1, outbox)

    assert written(BACK) == []


def test_a_stranger_who_signs_up_waits_for_what_they_brought(stranger, outbox):
    made = shown(stock=0)
    like(stranger, made)
    page = soup(stranger.get("/en/sign-up"))
    token = page.find("input", attrs={"name": "csrf_token"})["value"]
    person = {"email": "mei@example.com", "password": "correct horse battery", "name": "Mei"}
    stranger.post("/en/sign-up", data=person | {"csrf_token": token})
    counted(made, 1, outbox)

    assert [letter.recipient for letter in written(BACK)] == ["mei@example.com"]


def test_the_link_in_a_letter_stops_them_without_a_sign_in(hers, stranger, outbox):
    made = shown(stock=0)
    like(hers, made)
    counted(made, 1, outbox)
    (letter,) = written(BACK)
    token = letter.data["token"]
    assert f"/fr/favourites/letters/{token}" in body(letter).text

    asked = stranger.get(f"/en/favourites/letters/{token}")
    assert (asked.status_code, "camille" in asked.text) == (200, False)
    assert sent(stranger, f"letters/{token}").status_code == 303
    costs_now(made, Money(5900, "JPY"))
    jobs.tell_falls()

    assert written(CHEAPER) == []


def test_only_links_of_letters_stop_any(stranger, buyer):
    for token in ("nothing", letters.token_for(buyer.person_id)[:-6] + "AAAA=="):
        assert stranger.get(f"/en/favourites/letters/{token}").status_code == 404
        assert sent(stranger, f"letters/{token}").status_code == 404


def test_who_turned_these_mails_off_gets_none(hers, buyer, outbox):
    notices.choose(offered=[letters.NOTICE], wanted=[], actor=buyer)
    made = shown(stock=0)
    like(hers, made)
    counted(made, 1, outbox)

    assert written(BACK) == []
    assert len(lists_of(buyer).wishes) == 1
