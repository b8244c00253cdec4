"""Two officers in the same moment."""

from insurance.offers.quotes.queries import Cover
from insurance.offers.referrals import queries, service
from insurance.offers.referrals.errors import ReferralAnswered
from insurance.offers.referrals.rules import Refused
from insurance.offers.shipments import queries as shipments
from kernel.db import reading
from tests.banking.bank_objects import outcomes
from tests.insurance.offers.referrals.referring import offered, officer, referred, stands
from tests.insurance.offers.shipments.describing import customer


def test_two_officers_at_once_leave_one_answer(own_database):
    actor = customer()
    shipment, referral = referred(actor)

    def answer(place):
        if place % 2:
            return offered(referral, officer(), surcharge=10 * place)
        return service.decline(
            ref=referral.ref, refusal=Refused.SUM, words=f"Officer {place}", actor=officer()
        )

    found = outcomes(6, answer)

    refused = [one for one in found if isinstance(one, ReferralAnswered)]
    [given] = [one for one in found if not isinstance(one, ReferralAnswered)]
    assert len(refused) == 5, found
    assert stands(shipment.ref) == given
    with reading():
        assert len(queries.history_of(referral_id=referral.id)) == 2
        price = shipments.shipment_for(actor, shipment.ref).quote.level(Cover.STD).price
    assert (price is None) == (given.refusal is not None)
