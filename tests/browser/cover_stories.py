"""Changes of a cover whose parcel waits, and a shipment that is insured beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from insurance import api as cover
from insurance.contracts.changes import service as changes
from insurance.contracts.changes.service import Asked
from insurance.offers.quotes.queries import Mode
from insurance.offers.shipments import service as shipments
from insurance.offers.shipments.rules import Described, Kind
from insurance.rating.liability.queries import Interest
from insurance.trade.cargo import service as cargo
from kernel import clock
from kernel.actor import Actor
from kernel.db import reading
from kernel.money import Money
from marketplace.buying.orders import queries as orders
from tests.browser.people import LISTED
from tests.insurance.trade.cargo.conftest import make_cargo


def cover_stories(buyer: Actor, unpacked: str) -> dict[str, str]:
    """Show other terms, an end and an offer of one policy, and leave all of them open.

    Two parcels from elsewhere are described, too: one has its price, one is refused.
    """
    with reading():
        policy = cover.policy_for_parcel(parcel_ref=orders.by_ref(unpacked).parcel_ref)
    assert policy is not None
    as_it_is = Asked(
        values=tuple(item.value.times(Fraction(11, 10)) for item in policy.items),
        destination_country=policy.destination_country,
        insured_name="Atelier Fontaine",
        is_business=True,
        with_delay=True,
    )
    dearer = changes.show_endorsement(policy_id=policy.id, asked=as_it_is, actor=buyer)
    cheaper = changes.show_endorsement(
        policy_id=policy.id,
        asked=replace(
            as_it_is,
            values=tuple(item.value.times(Fraction(1, 2)) for item in policy.items),
            with_delay=False,
        ),
        actor=buyer,
    )
    ended = changes.show_end(policy_id=policy.id, actor=buyer)
    offered = changes.show_assignment(policy_id=policy.id, email=LISTED, actor=buyer)
    changes.confirm(ref=offered.ref, actor=buyer)
    asked = changes.show_assignment(policy_id=policy.id, email=LISTED, actor=buyer)
    vase = Described(
        carrier="DHL",
        tracking_number="JD014600003RQ",
        kind=Kind.CERAMICS,
        contents="A celadon vase",
        value=Money.of("180.00", "EUR"),
        delivery=Money.of("20.00", "EUR"),
        origin_country="JP",
        destination_country="FR",
        mode=Mode.TRK,
        weight_g=2500,
        interest=Interest.PRIVATE,
    )
    priced, refused = (
        shipments.ask(described=parcel, country="FR", actor=buyer)
        for parcel in (vase, replace(vase, kind=Kind.FRESH))
    )
    return cargo_stories(buyer) | {
        "priced_parcel": priced.ref,
        "refused_parcel": refused.ref,
        "changeable": policy.number,
        "dearer": dearer.ref,
        "cheaper": cheaper.ref,
        "ended_cover": ended.ref,
        "offered_cover": offered.ref,
        "asked_cover": asked.ref,
    }


def cargo_stories(buyer: Actor) -> dict[str, str]:
    """Price two shipments and insure one, and price a third that has no price."""
    shipment = make_cargo(
        value="1500.00", departs_on=clock.today() + timedelta(days=9), is_letter_of_credit=True
    )
    first, second, third = (
        cargo.quote(cargo=one, owner_id=buyer.somebody(), actor=buyer)
        for one in (shipment, shipment, replace(shipment, hs_code="240220"))
    )
    insured = cargo.buy(ref=first.ref, need="Insure it.", locale="en", actor=buyer)
    return {
        "cargo_price": second.ref,
        "cargo_refused": third.ref,
        "cargo": insured.number,
    }
