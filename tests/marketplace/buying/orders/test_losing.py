"""Claims of parcels that were not bought here settle no order."""

import pytest
from sqlalchemy import text

from kernel.actor import SYSTEM
from kernel.db import reading, session
from marketplace.buying.orders import service as orders


def journals():
    with reading():
        return session().execute(text("SELECT count(*) FROM banking.journals")).scalar_one()


@pytest.mark.parametrize("is_paid", [True, False])
def test_a_claim_of_a_parcel_from_elsewhere_settles_nothing(db, outbox, is_paid):
    before = journals(), outbox()

    orders.settle_insured_loss(parcel_ref="DHL-JD014600003RQ", is_paid=is_paid, actor=SYSTEM)

    assert (journals(), outbox()) == before
