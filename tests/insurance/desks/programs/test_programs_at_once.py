"""A program that sends the same twice in one moment buys once."""

from banking import api as bank
from insurance.contracts.policies.queries import PRODUCT_INFORMATION_VERSION
from insurance.desks.programs import service
from insurance.desks.programs.errors import CoverKeyReused
from insurance.desks.programs.forms import Order
from insurance.offers.quotes.queries import Cover
from kernel.db import reading
from kernel.money import Money
from tests.banking.bank_objects import outcomes
from tests.insurance.conftest import available
from tests.insurance.contracts.insuring.buying import NEED, informed, moneyed, policy_of

HAD = Money.of("1000.00", "EUR")


def order(shipment, level=Cover.STD):
    return Order(
        quote=shipment.ref,
        level=level,
        needs=(NEED,),
        information=PRODUCT_INFORMATION_VERSION,
    )


def buy(wanted, actor):
    return service.buy(order=wanted, key="k-1", locale="en", actor=actor)


def test_one_key_six_times_at_once_is_one_policy_paid_once(own_database):
    actor, wallet = moneyed()
    shipment = informed(actor)

    found = outcomes(6, lambda _: buy(order(shipment), actor))

    policy = policy_of(shipment, actor)
    assert {done.policy.id for done in found} == {policy.id}, found
    assert sorted(done.is_replay for done in found) == [False, True, True, True, True, True]
    assert available(wallet.id) == HAD - policy.total
    with reading():
        assert bank.verify_ledger().balanced


def test_one_key_with_two_bodies_at_once_does_one_of_them(own_database):
    actor, wallet = moneyed()
    shipment = informed(actor)
    wanted = [order(shipment), order(shipment, Cover.PLUS)]

    found = outcomes(2, lambda n: buy(wanted[n], actor))

    refused = [one for one in found if isinstance(one, CoverKeyReused)]
    assert len(refused) == 1, found
    assert available(wallet.id) == HAD - policy_of(shipment, actor).total
