"""One message to the buyers of several orders: all or none, each alone, and no mass mail."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel.db import counting_queries, reading
from kernel.ids import new_id
from marketplace.trust.messages import rules
from tests.asking import english
from tests.marketplace.makers import make_offer, make_order

FORM = {"csrf_token": "test-token", "words": "We send a day later: the kiln is still warm."}


@pytest.fixture
def orders(made, make_person):
    """Return references of three orders of two buyers."""
    one, two = (make_person(email=f"{name}@example.com") for name in ("one", "two"))
    return [make_order(made=made, buyer=person) for person in (one, two, one)]


def sent():
    with reading() as current:
        return current.execute(
            text(
                "SELECT t.order_ref, m.words FROM marketplace.thread_message m"
                " JOIN marketplace.message_thread t ON t.id = m.thread_id ORDER BY m.seq"
            )
        ).all()


def post(browser, step, orders, **more):
    form = FORM | {"order": orders, "key": str(new_id())} | more
    return browser.post(f"/en/desk/messages/orders{step}", data=form)


def page_of(answer):
    return BeautifulSoup(answer.text, "html.parser")


def test_each_buyer_is_written_to_once_in_a_thread_of_their_own(as_, seller, orders):
    told = post(as_(seller), "/send", orders)

    assert told.status_code == 303
    rows = sent()
    assert {row.words for row in rows} == {FORM["words"]}
    assert len(rows) == 2
    assert {row.order_ref for row in rows} < set(orders)


def test_nobody_reads_anything_before_the_preview_was_sent(as_, seller, orders):
    browser = as_(seller)

    shown = page_of(post(browser, "/preview", orders))

    assert "2 buyers" in shown.main.p.text
    assert shown.select_one(".written").text == FORM["words"]
    assert sent() == []
    kept = {one["name"]: one["value"] for one in shown.select("main form input[name]")}
    send = shown.select_one("button[formaction$='/send']")
    assert send.text == english("Send to %(count)s buyers", count=2)
    for _ in range(2):
        post(browser, "/send", orders, key=kept["key"], words=kept["words"])
    assert len(sent()) == 2


@pytest.mark.parametrize("words", ["Pay at shop@elsewhere.example.com", "Order {ref} is late"])
def test_what_leads_elsewhere_or_to_another_order_reaches_nobody(as_, seller, orders, words):
    said = words.format(ref="P-4QK7M2XW 0176 23456789")

    refused = post(as_(seller), "/send", orders, words=said)

    assert refused.status_code == 422
    assert page_of(refused).select_one("#f-words").text == said
    assert sent() == []


def test_an_order_of_another_shop_stops_the_whole_message(as_, seller, orders, make_person):
    foreign = make_order(made=make_offer(), buyer=make_person())

    assert post(as_(seller), "/send", [*orders, foreign]).status_code == 404
    assert sent() == []


def test_a_message_is_about_orders_and_about_not_too_many(as_, seller, made):
    many = [f"O-{number:08d}" for number in range(rules.MOST_RECIPIENTS + 1)]

    assert post(as_(seller), "", []).status_code == 409
    assert post(as_(seller), "", many).status_code == 409


def test_a_shop_writes_to_many_a_few_times_in_a_quarter_hour(as_, seller, orders):
    browser = as_(seller)
    answers = [post(browser, "/send", orders).status_code for _ in range(rules.BATCHES + 1)]

    assert answers == [303] * rules.BATCHES + [429]
    assert len(sent()) == 2 * rules.BATCHES


def test_the_preview_asks_the_database_little_however_many_orders(as_, seller, orders):
    browser = as_(seller)
    post(browser, "", orders)

    with counting_queries() as asked:
        post(browser, "", orders)

    assert len(asked) <= 6


@pytest.mark.parametrize("step", ["", "/preview", "/send"])
def test_a_reference_that_no_order_can_have_is_refused_before_one_looks(as_, seller, step):
    answer = post(as_(seller), step, ["O-1", "a\0b"])

    assert answer.status_code == 422
    assert sent() == []
