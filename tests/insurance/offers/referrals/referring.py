"""What tests of referrals do by hand: officers, a shipment that the gate refers, a question."""

from insurance.offers.referrals import parcels, queries, service
from insurance.offers.referrals.rules import Offer
from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.contracts.insuring.buying import informed

DEAR = {"value": Money.of("15000.00", "EUR")}


def officer(person_id=None, companies=()):
    return Actor(
        person_id=person_id or new_id(),
        roles=frozenset({Role.UNDERWRITER}),
        organisation_ids=frozenset(companies),
    )


def referred(actor, *, words="", **otherwise):
    """A shipment whose owner asks an underwriter about it, and the referral."""
    shipment = informed(actor, **(DEAR | otherwise))
    return shipment, parcels.ask(ref=shipment.ref, words=words, actor=actor)


def offered(referral, judge=None, surcharge=0, deductible=""):
    return service.offer(
        ref=referral.ref,
        offer=Offer(surcharge_pct=surcharge, deductible=deductible),
        actor=judge or officer(),
    )


def stands(subject_ref):
    with reading():
        return queries.referral_about(subject_ref=subject_ref)
