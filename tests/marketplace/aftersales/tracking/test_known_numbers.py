"""A number of our own parcels is insured from its order, never as one from elsewhere."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from banking.authorisation.approvals import service as approvals
from insurance.offers.shipments.errors import ParcelOfOrder
from insurance.offers.shipments.models import Shipment
from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.ids import new_id, public_ref
from kernel.money import Money
from marketplace.buying.orders.models import OrderGroup, VendorOrder
from marketplace.logistics.shipping.models import Parcel
from tests.insurance.conftest import available, make_wallet
from tests.insurance.contracts.insuring.buying import bought, informed
from tests.insurance.desks.shipping_desk.test_shipping_pages import parcel
from tests.marketplace.makers import make_offer
from tests.marketplace.trust.reviews.review_objects import make_line

NUMBER = "CV4731248296"


def label(order_ref, parcel_ref, number=NUMBER):
    with transaction(name="test", actor=SYSTEM) as current:
        current.add(
            Parcel(
                id=new_id(),
                ref=parcel_ref,
                vendor_order_ref=order_ref,
                option_code="freight",
                carrier="caravel",
                tracking_number=number,
                state="labelled",
                origin={"country": "JP"},
                destination={"country": "FR"},
                crosses_border=True,
                weight_g=800,
                hazards=[],
                promised_on=clock.today(),
                dispatched_at=clock.now(),
            )
        )


@pytest.fixture
def buyer(make_person, clock):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    return make_person(email="ada@example.com", country="DE")


def ordered(buyer):
    """An order of somebody without a label yet: references of purchase, order and parcel."""
    group_ref = public_ref("G")
    make_line(make_offer(), buyer, is_delivered=False, group_ref=group_ref)
    with reading() as current:
        row = current.execute(
            select(VendorOrder.ref, VendorOrder.parcel_ref)
            .join(OrderGroup, OrderGroup.id == VendorOrder.group_id)
            .where(OrderGroup.ref == group_ref)
        ).one()
    return group_ref, row.ref, row.parcel_ref


def typed(browser, **otherwise):
    fields = {"csrf_token": "test-token"} | parcel(carrier="OTHER", number="cv 4731-2482 96")
    return browser.post("/en/bank/cover/new", data=fields | otherwise)


def shipments_known():
    with reading() as current:
        return current.execute(select(Shipment.id)).all()


def test_ones_own_parcel_leads_to_its_order_with_nothing_else_filled_in(buyer, as_):
    group_ref, order_ref, parcel_ref = ordered(buyer)
    label(order_ref, parcel_ref)

    led = typed(as_(buyer), contents="", value="", kind="", interest="")

    assert led.status_code == 303
    assert led.location.endswith(f"/orders/{group_ref}#{order_ref}")
    assert shipments_known() == []


@pytest.mark.parametrize("carrier", ["OTHER", "DHL"])
def test_a_parcel_of_another_buyer_is_refused_without_a_word_of_its_order(
    buyer, make_person, as_, carrier
):
    group_ref, order_ref, parcel_ref = ordered(buyer)
    label(order_ref, parcel_ref)
    other = make_person(email="eve@example.com", country="DE")

    told = typed(as_(other), carrier=carrier)

    assert told.status_code == 409
    assert BeautifulSoup(told.data, "html.parser").select_one("#wrong")["data-code"] == (
        "shipment_of_an_order"
    )
    assert 'value="A walnut stool"' in told.text
    assert not any(ref in told.text for ref in (group_ref, order_ref, parcel_ref))
    assert shipments_known() == []


def test_a_number_that_became_ours_after_the_price_is_not_insured_twice(buyer):
    wallet = make_wallet(buyer.person_id)
    shipment = informed(buyer, carrier="OTHER", tracking_number=NUMBER)
    _, order_ref, parcel_ref = ordered(buyer)
    label(order_ref, parcel_ref)

    with pytest.raises(ParcelOfOrder):
        bought(shipment, buyer)

    assert available(wallet.id) == Money.of("1000.00", "EUR")


def test_a_yes_to_a_number_that_became_ours_concludes_nothing(buyer):
    wallet = make_wallet(buyer.person_id)
    shipment = informed(
        buyer, carrier="OTHER", tracking_number=NUMBER, value=Money.of("4000.00", "EUR")
    )
    waiting = bought(shipment, buyer)
    _, order_ref, parcel_ref = ordered(buyer)
    label(order_ref, parcel_ref)

    with pytest.raises(ParcelOfOrder):
        approvals.give(approval_id=waiting.approval_id, method="totp", actor=buyer)

    assert available(wallet.id) == Money.of("1000.00", "EUR")
