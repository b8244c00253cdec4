"""Photographs of what goes back: they go with the return, and only its parties see them."""

from __future__ import annotations

import pytest

from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.media.photos import queries as photos
from marketplace.aftersales.returns import outcomes, service
from marketplace.aftersales.returns.rules import ALBUM, Reason
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.logistics.shipping.cli import settle
from tests.journeys.shopping import by_country, pay, to_review
from tests.snaps import form, page, photo, thumbnails

pytestmark = pytest.mark.journey

VENDOR, RIVAL = "owner@qinglan.example.com", "owner@meijiawu.example.com"


@pytest.fixture
def order(market, buyer):
    """A teapot that came."""
    found = by_country(pay(to_review(market, buyer, cover_level=None), buyer))["CN"]
    settle()
    order_service.dispatch(order_ref=found.ref, actor=SYSTEM)
    order_service.note_delivered(parcel_ref=found.parcel_ref, at=house_clock.now(), actor=SYSTEM)
    settle()
    with reading():
        return orders.by_ref(found.ref)


def preview(order, buyer, reason=Reason.DAMAGED):
    """The address of the last page before goods go back, and the money that it shows."""
    pieces = {line.id: line.quantity for line in order.lines}
    with reading():
        seen = outcomes.preview_for(buyer, order.ref, reason=reason, pieces=pieces)
    written = "-".join(f"{line}x{n}" for line, n in sorted(pieces.items()))
    where = f"/en/orders/parcels/{order.ref}/return/{reason}/{written}"
    return where, str(seen.parts.total.minor)


def sent_back(order, buyer, browser):
    where, expected = preview(order, buyer)
    answer = browser.post(where, **form((photo(), "crack.jpg"), expected=expected, note="A crack."))
    assert answer.status_code == 303
    return answer.headers["Location"].rsplit("/", 1)[1]


def test_buyer_shop_and_a_judge_see_the_photos_and_nobody_else(
    market, buyer, order, browse, signed_in
):
    ref = sent_back(order, buyer, browse(buyer))
    seller, rival = browse(signed_in(VENDOR)), browse(signed_in(RIVAL))
    operator = browse(signed_in("operator@example.com"))

    (file,) = thumbnails(browse(buyer).get(f"/en/returns/{ref}"))
    assert thumbnails(seller.get(f"/en/desk/returns/{ref}")) == [file]
    for somebody, status in (
        (browse(buyer), 200),
        (seller, 200),
        (rival, 404),
        (browse(), 404),
        (operator, 404),  # nobody asked the house yet
    ):
        assert somebody.get(file).status_code == status

    service.reject(ref=ref, words="It left whole.", actor=signed_in(VENDOR))
    service.dispute(ref=ref, words="It did not.", actor=buyer)

    assert thumbnails(operator.get(f"/en/returns/disputed/{ref}")) == [file]
    assert operator.get(file).status_code == 200


def test_photos_stay_when_the_words_are_missing_and_go_with_the_second_try(
    market, buyer, order, browse
):
    browser = browse(buyer)
    where, expected = preview(order, buyer)

    refused = browser.post(where, **form((photo(), "crack.jpg"), expected=expected, note=""))

    assert page(refused, 422).select_one("#e-note") is not None
    assert len(thumbnails(refused)) == 1
    answer = browser.post(where, **form(expected=expected, note="A crack."))
    shown = browser.get(answer.headers["Location"])
    assert thumbnails(shown) == thumbnails(refused)
    assert "JPEG" in page(shown).select_one(".snaps").text


def test_a_file_that_is_no_photo_is_named_and_nothing_goes_back(market, buyer, order, browse):
    where, expected = preview(order, buyer)

    answer = browse(buyer).post(
        where, **form((b"%PDF-1.7", "bill.pdf"), expected=expected, note="A crack.")
    )

    assert page(answer, 422).select_one("#e-photos bdi").text == "bill.pdf"
    assert page(answer, 422).select_one("#f-note").text == "A crack."
    with reading():
        assert outcomes.queries.returns_of([order.ref]) == {}


def test_who_changed_their_mind_is_asked_for_no_photo(market, buyer, order, browse):
    where, _ = preview(order, buyer, Reason.CHANGED_MIND)

    assert page(browse(buyer).get(where)).select("[name=photos]") == []


def test_photos_of_another_reason_are_not_sent_from_a_page_without_their_field(
    market, buyer, order, browse
):
    browser = browse(buyer)
    damaged, _ = preview(order, buyer)
    browser.post(damaged, **form((photo(), "crack.jpg"), add_photos="1"))
    where, expected = preview(order, buyer, Reason.CHANGED_MIND)

    # Six of them would be refused, at a field that this page does not have.
    files = [(photo(colour), f"{colour}.jpg") for colour in range(6)]
    answer = browser.post(where, **form(*files, expected=expected, note=""))

    assert answer.status_code == 303
    assert thumbnails(browser.get(answer.headers["Location"])) == []
    with reading():
        waiting = photos.on_form(buyer, album=ALBUM, subject=order.ref)
    assert [one.is_sent for one in waiting] == [False]


def test_a_second_press_leaves_no_photos_for_the_next_return(market, buyer, order, browse):
    browser = browse(buyer)
    where, expected = preview(order, buyer)
    said = {"expected": expected, "note": "A crack."}
    first = browser.post(where, **form((photo(), "crack.jpg"), **said)).headers["Location"]
    before = thumbnails(browser.get(first))

    assert browser.post(where, **form((photo(), "crack.jpg"), **said)).headers["Location"] == first

    assert len(before) == 1
    assert thumbnails(browser.get(first)) == before
    with reading():
        assert photos.on_form(buyer, album=ALBUM, subject=order.ref) == ()
