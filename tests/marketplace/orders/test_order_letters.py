"""Letters about parcels: instants by the clock of who reads them, and nothing told twice."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.web.letters import render_letter
from marketplace.orders import jobs, queries
from marketplace.orders.events import VendorOrderDelivered
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
    db.execute(text("UPDATE marketplace.vendor_order SET release_due_at = :at WHERE id = :id"),
               {"at": PAID_AT, "id": order.id})  # fmt: skip

    with transaction(name="test", actor=SYSTEM):
        jobs.tell_delivered(VendorOrderDelivered(order_ref=order.ref))

    (sent,) = letters("order_delivered.txt")
    assert f"until {said}" in render_letter(sent.template, sent.locale, sent.data).text
