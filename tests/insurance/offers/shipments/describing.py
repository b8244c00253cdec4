"""What tests of shipments do by hand: describe a parcel, ask for its price, hear its carrier."""

from datetime import timedelta

from insurance.offers.quotes.queries import Mode
from insurance.offers.shipments import gateway, service
from insurance.offers.shipments.rules import Described, Kind
from insurance.rating.liability.queries import Interest
from kernel.actor import Actor, Role
from kernel.ids import new_id
from kernel.money import Money

NUMBER = "JD014600003RQ"


def customer(person_id=None) -> Actor:
    return Actor(person_id=person_id or new_id(), roles=frozenset({Role.BUYER}))


def described(**otherwise) -> Described:
    fields = {
        "carrier": "DHL",
        "tracking_number": NUMBER,
        "kind": Kind.HOME,
        "contents": "A walnut stool",
        "value": Money.of("180.00", "EUR"),
        "delivery": Money.of("20.00", "EUR"),
        "origin_country": "JP",
        "destination_country": "DE",
        "mode": Mode.TRK,
        "weight_g": 2500,
        "interest": Interest.PRIVATE,
    }
    return Described(**fields | otherwise)


def asked(actor, *, country="DE", **otherwise):
    return service.ask(described=described(**otherwise), country=country, actor=actor)


def scan(number=NUMBER, state="accepted", hours_ago=1):
    gateway.tell(number, state, place="Osaka", ago=timedelta(hours=hours_ago))
