"""What tests of cover bought in the bank do by hand: a customer with money, a priced parcel."""

from banking.authorisation.approvals import service as approvals
from insurance.contracts.insuring import service
from insurance.contracts.insuring.service import Wish
from insurance.contracts.policies import queries as policies
from insurance.offers.quotes.queries import Cover
from insurance.offers.shipments import queries as shipments
from insurance.offers.shipments import service as describing
from kernel.actor import SYSTEM
from kernel.db import reading
from tests.insurance.conftest import make_wallet
from tests.insurance.offers.shipments.describing import asked, customer

NEED = "I want this parcel covered, and I've read what isn't covered."


def moneyed(amount="1000.00", currency="EUR"):
    """A customer of the bank, and the wallet that pays."""
    approvals.load_reference_data(actor=SYSTEM)
    actor = customer()
    return actor, make_wallet(actor.person_id, currency, amount)


def informed(actor, **otherwise):
    """A priced parcel whose owner has opened the product information."""
    shipment = asked(actor, **otherwise)
    open_information(shipment, actor)
    return shipment


def open_information(shipment, actor, *, language="en"):
    """Open the product information of whoever sells the standard level as it's priced now."""
    with reading():
        priced = shipments.shipment_for(actor, shipment.ref)
    insurer_key = priced.quote.level(Cover.STD).insurer_key
    paper = policies.information_of(insurer_key=insurer_key, language=language)
    describing.note_informed(ref=shipment.ref, paper=paper, actor=actor)


def wish(level=Cover.STD, needs=(NEED,)):
    return Wish(cover=level, needs=needs, locale="en")


def bought(shipment, actor, level=Cover.STD):
    return service.buy(ref=shipment.ref, wish=wish(level), actor=actor)


def policy_of(shipment, actor):
    with reading():
        seen = shipments.shipment_for(actor, shipment.ref)
        return seen.policy_id and policies.policy(policy_id=seen.policy_id)
