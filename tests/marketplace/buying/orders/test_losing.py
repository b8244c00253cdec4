"""Claims of parcels that were not bought here settle no order."""

from kernel.actor import SYSTEM
from marketplace.buying.orders import service as orders


def test_a_claim_of_a_parcel_from_elsewhere_settles_nothing(db):
    for is_paid in (True, False):
        orders.settle_insured_loss(parcel_ref="DHL-JD014600003RQ", is_paid=is_paid, actor=SYSTEM)
