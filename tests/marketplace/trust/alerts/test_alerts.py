"""Who waits for sold-out goods hears of them once, when they are back."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading, transaction
from kernel.money import Money
from kernel.people.notices import service as notices
from kernel.web.letters import render_letter
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.inventory.events import StockCrossed
from marketplace.catalogue.offers import service as offers
from marketplace.catalogue.offers.events import OfferChanged
from marketplace.catalogue.products import service as catalogue
from marketplace.shop.listing_index import service as shelving
from marketplace.trust.alerts import jobs, queries, service
from marketplace.trust.alerts.errors import BackAlready, NothingToWaitFor, TooManyAlerts
from tests.marketplace.makers import make_offer, make_rates, make_vendor


@pytest.fixture
def made(db):
    return make_offer(stock=0, sku="POT-1", titles={"en": "Shino teapot", "fr": "Théière Shino"})


@pytest.fixture
def buyer(make_person):
    return make_person(email="buyer@example.com", locale="fr")


def wait_for(actor, made, sku="POT-1"):
    service.wait_for(product_ref=made.ref, sku=sku, actor=actor)


def waits(actor):
    with reading():
        return [one.product_ref for one in queries.alerts_of(actor, before=None).lines]


def restock(made, outbox, pieces=3):
    """Let pieces arrive, and everybody hear of it."""
    inventory.restock(offer_id=made.offer_id, quantity=pieces, subject="test", actor=SYSTEM)
    crossed = [event for event in outbox() if isinstance(event, StockCrossed)][-1]
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_who_waits(crossed)
    return crossed


def letters():
    with reading():
        found = mail.mailbox(limit=200)
    return [m for m in found if m.template == "marketplace/mail/back_in_stock.txt"]


def post(browser, address, **form):
    return browser.post(
        f"/en{address}", data={"csrf_token": "test-token"} | form, follow_redirects=True
    )


def test_one_mail_when_it_is_back_and_then_the_wish_is_gone(made, buyer, outbox):
    wait_for(buyer, made)
    crossed = restock(made, outbox)

    (letter,) = letters()
    body = render_letter(letter.template, letter.locale, letter.data)
    assert (letter.recipient, letter.locale) == ("buyer@example.com", "fr")
    assert "Théière Shino" in body.subject
    assert f"/fr/p/{made.ref}/" in body.text
    assert waits(buyer) == []
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_who_waits(crossed)
    assert len(letters()) == 1


def test_goods_that_sold_out_again_before_the_news_came_are_waited_for(made, buyer, outbox):
    wait_for(buyer, made)
    inventory.restock(offer_id=made.offer_id, quantity=1, subject="test", actor=SYSTEM)
    crossed = [event for event in outbox() if isinstance(event, StockCrossed)][-1]
    inventory.count(offer_id=made.offer_id, on_hand=0, actor=SYSTEM)
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_who_waits(crossed)

    assert letters() == []
    assert waits(buyer) == [made.ref]


def test_goods_that_were_taken_down_tell_nobody(made, buyer, outbox):
    wait_for(buyer, made)
    catalogue.take_down(product_id=made.product_id, actor=SYSTEM)
    restock(made, outbox)

    assert letters() == []


def test_another_shop_that_offers_the_same_goods_is_news_too(made, buyer, outbox):
    wait_for(buyer, made)
    rival = make_vendor()
    offer_id = offers.offer_variant(
        vendor_id=rival.id,
        variant_id=made.variant_id,
        price=Money(9000, "JPY"),
        lead_time_days=2,
        actor=SYSTEM,
    )
    event = [e for e in outbox() if isinstance(e, OfferChanged)][-1]
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_of_offer(event)
    assert letters() == []

    inventory.count(offer_id=offer_id, on_hand=2, actor=SYSTEM)
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_of_offer(event)
    assert len(letters()) == 1


def test_nobody_waits_twice_nor_for_what_is_there_or_never_was(made, buyer, outbox):
    wait_for(buyer, made)
    wait_for(buyer, made)
    assert waits(buyer) == [made.ref]
    with pytest.raises(NothingToWaitFor):
        wait_for(buyer, made, sku="POT-2")
    restock(made, outbox)
    with pytest.raises(BackAlready):
        wait_for(buyer, made)


def test_a_person_waits_for_so_much_at_most(made, buyer, monkeypatch):
    monkeypatch.setattr(service, "MOST", 1)
    wait_for(buyer, made)

    with pytest.raises(TooManyAlerts):
        wait_for(buyer, make_offer(stock=0, sku="POT-9"), sku="POT-9")


def test_who_turned_these_mails_off_gets_none(made, buyer, outbox):
    notices.choose(offered=["marketplace.alerts"], wanted=[], actor=buyer)
    wait_for(buyer, made)
    restock(made, outbox)

    assert letters() == []


def test_the_page_of_sold_out_goods_has_the_button_and_the_account_ends_it(
    made, buyer, as_, client
):
    make_rates(JPY="160", USD="1.10", GBP="0.85")
    shelving.refresh(product_ids=[made.product_id], actor=SYSTEM)
    mine = as_(buyer)
    page = BeautifulSoup(mine.get(f"/en/p/{made.ref}/shino-teapot").text, "html.parser")
    form = page.select_one('form[action="/en/account/alerts/"]')
    values = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}

    listed = post(mine, "/account/alerts/", product=values["product"], sku=values["sku"])
    assert "Shino teapot" in listed.text
    end = BeautifulSoup(listed.text, "html.parser").select_one('form[action$="/end"]')["action"]
    post(client, end.removeprefix("/en"))
    assert waits(buyer) == [made.ref]
    post(mine, end.removeprefix("/en"))
    assert waits(buyer) == []


def test_nobody_ends_what_another_waits_for(made, buyer, make_person):
    wait_for(buyer, made)
    with reading():
        alert = queries.alerts_of(buyer, before=None).lines[0]

    service.end(alert_id=alert.id, actor=make_person())

    assert waits(buyer) == [made.ref]


def test_the_list_turns_its_pages_and_costs_the_same(made, buyer, as_):
    goods = [make_offer(stock=0, sku="POT-1", vendor=made.vendor) for _ in range(queries.PAGE + 2)]
    for one in goods:
        wait_for(buyer, one)
    with reading():
        first = queries.alerts_of(buyer, before=None)
        second = queries.alerts_of(buyer, before=first.before)
    told = [one.product_ref for one in (*first.lines, *second.lines)]
    assert told == [one.ref for one in reversed(goods)]
    browser = as_(buyer)
    browser.get("/en/account/alerts/")
    with counting_queries() as counted:
        browser.get("/en/account/alerts/")
    assert len(counted) <= 4
