"""Letters about parcels: instants by the clock of who reads them, and nothing told twice."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.ids import new_id
from kernel.jobs import deliver
from kernel.outbox import claim_due
from kernel.people.notices import service as notices
from kernel.web.letters import render_letter
from marketplace.buying.orders import jobs, queries
from marketplace.buying.orders.events import (
    OrderPlaced,
    VendorOrderDelivered,
    VendorOrderDispatched,
)
from marketplace.logistics.carriers.rules.tracking import ParcelState, Scan
from marketplace.logistics.shipping import jobs as shipping_jobs
from marketplace.logistics.shipping.events import ParcelLate
from marketplace.logistics.shipping.models import Parcel
from marketplace.logistics.shipping.service import record_tracking
from tests.asking import english, says
from tests.marketplace.makers import make_offer, make_order

# In Lyon still Friday, in Tokyo already Saturday.
PAID_AT = datetime(2026, 12, 4, 20, 30, tzinfo=UTC)


def letters(template):
    with reading():
        return [m for m in mail.mailbox(limit=50) if m.template == f"marketplace/mail/{template}"]


def order_of(buyer):
    with reading():
        return queries.by_ref(make_order(made=make_offer(), buyer=buyer))


@pytest.mark.parametrize(
    ("country", "said"), [("FR", "Fri 4 Dec, 21:30 (Paris)"), ("JP", "Sat 5 Dec, 05:30 (Tokyo)")]
)
def test_the_delivery_tells_the_instant_of_payment_by_the_readers_clock(
    db, make_person, country, said
):
    order = order_of(make_person(country=country))
    db.execute(
        text("UPDATE marketplace.vendor_order SET release_due_at = :at WHERE id = :id"),
        {"at": PAID_AT, "id": order.id},
    )

    with transaction(name="test", actor=SYSTEM):
        jobs.tell_delivered(VendorOrderDelivered(order_ref=order.ref))

    (sent,) = letters("order_delivered.txt")
    assert f"by {said}" in render_letter(sent.template, sent.locale, sent.data).text


def test_an_order_placed_on_an_english_page_is_told_in_the_buyers_own_language(db, make_person):
    buyer = make_person(locale="fr")
    order = order_of(buyer)
    db.execute(
        text("UPDATE marketplace.order_line SET titles = :titles WHERE vendor_order_id = :id"),
        {"titles": '{"en": "Teapot", "fr": "Théière"}', "id": order.id},
    )

    placed = OrderPlaced(
        group_ref=order.group_ref,
        person_id=buyer.person_id,
        total=order.total,
        vendor_order_refs=[order.ref],
    )
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_buyer_and_vendors(placed)

    (sent,) = letters("order_placed.txt")
    assert sent.locale == "fr"
    said = render_letter(sent.template, sent.locale, sent.data).text
    assert "Théière" in said
    assert "Teapot" not in said


@pytest.fixture
def late(db, make_person, clock):
    """A parcel on its way that was promised for 3 December, seen last in Leipzig, uninsured."""
    clock("2026-11-26T12:00")
    buyer = make_person(email="lena@example.com")
    order = order_of(buyer)
    with transaction(name="test", actor=SYSTEM) as current:
        current.add(
            Parcel(
                id=new_id(),
                ref=order.parcel_ref,
                vendor_order_ref=order.ref,
                option_code="express",
                carrier="EXL",
                tracking_number="EXL1",
                state="labelled",
                origin={"country": "CN"},
                destination={"country": "FR"},
                crosses_border=True,
                weight_g=800,
                promised_on=date(2026, 12, 3),
                dispatched_at=datetime(2026, 11, 25, tzinfo=UTC),
            )
        )
    scan(order, "one", ParcelState.IN_TRANSIT, datetime(2026, 11, 26, 11, tzinfo=UTC))
    db.execute(
        text("UPDATE marketplace.vendor_order SET state = 'in_transit' WHERE id = :id"),
        {"id": order.id},
    )
    return buyer, order


def scan(order, key, state, at):
    record_tracking(
        parcel_ref=order.parcel_ref,
        actor=SYSTEM,
        scan=Scan(key=key, raw_code="EXL", state=state, at=at, place="DE"),
    )


TELLING = {"marketplace.orders.tell_late", "marketplace.orders.tell_delayed"}


def drain(*, again=False):
    """Deliver what is known of lateness, and if asked, once more what was delivered."""
    while due := claim_due():
        for item in due:
            if item.handler in TELLING:
                for _ in range(1 + again):
                    deliver(str(item.event_id), item.handler)


def test_a_late_parcel_is_told_once_on_its_first_late_day(late, clock):
    _, order = late
    clock("2026-12-03T12:00")
    shipping_jobs.watch_promises()
    drain()
    assert letters("order_late.txt") == [], "its last day is not over"

    for day in (4, 5, 6):
        clock(f"2026-12-0{day}T12:00")
        shipping_jobs.watch_promises()
        drain(again=True)

    (sent,) = letters("order_late.txt")
    assert sent.recipient == "lena@example.com"
    said = render_letter(sent.template, sent.locale, sent.data)
    assert said.subject == english("Parcel %(ref)s is late", ref=order.ref)
    assert says(said, "The carrier has it and hasn't given", day="Thursday, 3 December 2026")
    assert "Thu 26 Nov, 12:00 (Paris)" in said.text
    assert "Germany" in said.text
    assert says(said, "If the parcel is lost, the money goes back to your wallet.")
    assert f"/messages/new?order={order.ref}" in said.text


@pytest.fixture
def unpacked(db, make_person, clock):
    """Goods to leave on Monday, a day on their way at least, promised for Wednesday the 2nd."""
    clock("2026-11-27T12:00")
    order = order_of(make_person(email="lena@example.com"))
    db.execute(
        text(
            "UPDATE marketplace.vendor_order SET ship_by_on = '2026-11-30',"
            " promised_on = '2026-12-02',"
            ' delivery = delivery || CAST(\'{"min_on": "2026-12-01"}\' AS jsonb) WHERE id = :id'
        ),
        {"id": order.id},
    )
    return order


def test_goods_that_nobody_packed_are_told_once_and_before_the_promised_day(unpacked, clock):
    clock("2026-12-01T12:00")
    jobs.watch_vendors()
    drain()
    assert letters("order_delayed.txt") == [], "leaving today they would still be in time"

    for hour in ("02T00:30", "02T12:00", "03T12:00"):
        clock(f"2026-12-{hour}")
        jobs.watch_vendors()
        drain(again=True)

    (sent,) = letters("order_delayed.txt")
    assert sent.recipient == "lena@example.com"
    said = render_letter(sent.template, sent.locale, sent.data)
    assert said.subject == english("will be late: it hasn't left the seller", ref=unpacked.ref)
    assert says(said, "and there's no new date yet.", day="Wednesday, 2 December 2026")
    assert says(said, "as long as it isn't packed: then %(total)s is back", total="EUR 50.00")
    assert "cover" not in said.text, "it has none"


def test_who_heard_that_nothing_was_packed_is_not_told_of_the_same_delay_again(unpacked, clock, db):
    clock("2026-12-02T12:00")
    jobs.watch_vendors()
    drain()
    db.execute(
        text("UPDATE marketplace.vendor_order SET state = 'dispatched' WHERE id = :id"),
        {"id": unpacked.id},
    )
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_late(
            ParcelLate(
                parcel_ref=unpacked.parcel_ref, promised_on=unpacked.promised_on, delivered_on=None
            )
        )
        jobs.tell_dispatched(
            VendorOrderDispatched(order_ref=unpacked.ref, parcel_ref=unpacked.parcel_ref)
        )

    assert letters("order_late.txt") == []
    (sent,) = letters("order_dispatched.txt")
    said = render_letter(sent.template, sent.locale, sent.data)
    assert said.subject == english("Parcel %(ref)s is packed but running late", ref=unpacked.ref)
    assert not says(said, "should reach you by")


def test_goods_packed_or_called_off_before_the_letter_was_written_are_not_told(unpacked, clock, db):
    clock("2026-12-02T12:00")
    jobs.watch_vendors()
    db.execute(
        text("UPDATE marketplace.vendor_order SET state = 'cancelled' WHERE id = :id"),
        {"id": unpacked.id},
    )
    drain()

    assert letters("order_delayed.txt") == []


@pytest.mark.parametrize(
    ("is_past", "said"),
    [
        (True, "is late: it hasn't left the seller yet"),
        (False, "so it can't reach you by then"),
    ],
)
def test_a_letter_about_unpacked_goods_speaks_of_the_right_day(is_past, said):
    letter = render_letter(
        "marketplace/mail/order_delayed.txt",
        "en",
        LATE
        | {
            "leave_by": "2026-11-30",
            "is_past": is_past,
            "total": {"minor": 5000, "currency": "EUR"},
        },
    )

    assert said in letter.subject + letter.text
    assert says(letter, "Its cover ends, and you get back what it cost.")
    assert "/orders/G-PWAHH4MR" in letter.text


@pytest.mark.parametrize(
    ("country", "not_yet", "late_at"),
    [
        ("US", "2026-12-04T04:30", "2026-12-04T05:30"),
        ("JP", "2026-12-03T14:30", "2026-12-03T15:30"),
    ],
)
def test_a_promised_day_ends_where_the_parcel_goes(late, clock, db, country, not_yet, late_at):
    db.execute(
        text(
            "UPDATE marketplace.parcel SET destination ="
            " jsonb_build_object('country', CAST(:at AS text))"
        ),
        {"at": country},
    )
    clock(not_yet)
    shipping_jobs.watch_promises()
    drain()
    assert letters("order_late.txt") == []

    clock(late_at)
    shipping_jobs.watch_promises()
    drain()
    assert len(letters("order_late.txt")) == 1


def test_a_parcel_that_came_late_is_told_as_delivered_alone(late, clock):
    _, order = late
    clock("2026-12-04T12:00")
    scan(order, "two", ParcelState.DELIVERED, datetime(2026, 12, 4, 9, tzinfo=UTC))
    drain()

    assert letters("order_late.txt") == []


def test_who_does_not_want_letters_about_parcels_gets_none_about_late_ones(late, clock):
    buyer, _ = late
    notices.choose(offered=["marketplace.parcels"], wanted=[], actor=buyer)
    clock("2026-12-04T12:00")
    shipping_jobs.watch_promises()
    drain()

    assert letters("order_late.txt") == []


LATE = {
    "name": "Lena",
    "ref": "G-PWAHH4MR-1",
    "group_ref": "G-PWAHH4MR",
    "by": "2026-12-03",
    "titles": ["Teapot"],
    "seen_at": "",
    "place": "",
    "zone": "Europe/Paris",
    "is_covered": True,
    "benefit": None,
    "days": 0,
}
BENEFIT = {"benefit": {"minor": 2000, "currency": "EUR"}, "days": 3}


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "the carrier hasn't scanned it yet"),
        ({}, "your cover pays, and we'll open the claim for you"),
        (BENEFIT, "pays EUR\u00a020.00 automatically once it's 3 days late"),
    ],
)
def test_a_late_letter_says_what_the_cover_does(facts, said):
    text = render_letter("marketplace/mail/order_late.txt", "en", LATE | facts).text

    assert said in text
    assert not says(text, "If the parcel is lost, the money goes back")
    assert says(text, "or your cover has paid you")
