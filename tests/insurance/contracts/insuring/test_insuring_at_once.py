"""Two clicks and two people in the same moment."""

from banking import api as bank
from insurance.contracts.policies.errors import ParcelAlreadyCovered
from kernel.db import reading
from kernel.money import Money
from tests.banking.bank_objects import outcomes
from tests.insurance.conftest import available
from tests.insurance.contracts.insuring.buying import bought, informed, moneyed, policy_of

HAD = Money.of("1000.00", "EUR")


def test_one_shipment_bought_six_times_at_once_is_one_policy(own_database):
    actor, wallet = moneyed()
    shipment = informed(actor)

    found = outcomes(6, lambda _: bought(shipment, actor))

    assert {done.policy_id for done in found} == {policy_of(shipment, actor).id}, found
    assert available(wallet.id) == HAD - policy_of(shipment, actor).total
    with reading():
        assert bank.verify_ledger().balanced


def test_two_people_with_one_parcel_leave_one_policy_and_one_payment(own_database):
    people = [moneyed() for _ in range(2)]
    shipments = [informed(actor) for actor, _ in people]

    found = outcomes(2, lambda n: bought(shipments[n], people[n][0]))

    refused = [one for one in found if isinstance(one, ParcelAlreadyCovered)]
    paid = [wallet for _, wallet in people if available(wallet.id) != HAD]
    assert (len(refused), len(paid)) == (1, 1), found


def test_one_number_under_two_names_of_its_carrier_is_insured_once(own_database):
    people = [moneyed() for _ in range(2)]
    shipments = [
        informed(actor, carrier=carrier)
        for (actor, _), carrier in zip(people, ("DHL", "OTHER"), strict=True)
    ]

    found = outcomes(2, lambda n: bought(shipments[n], people[n][0]))

    refused = [one for one in found if isinstance(one, ParcelAlreadyCovered)]
    paid = [wallet for _, wallet in people if available(wallet.id) != HAD]
    assert (len(refused), len(paid)) == (1, 1), found


def test_two_named_carriers_may_have_parcels_of_one_number(db):
    people = [moneyed() for _ in range(2)]

    for (actor, _), carrier in zip(people, ("DHL", "UPS"), strict=True):
        bought(informed(actor, carrier=carrier), actor)

    assert all(available(wallet.id) != HAD for _, wallet in people)
