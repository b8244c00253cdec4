"""The stand-in of other banks takes a payment once, however many runners bring it."""

from __future__ import annotations

from bank_objects import eur, outcomes
from sqlalchemy import text

from banking.core.rail import gateway
from kernel.db import reading
from kernel.ids import new_id


def test_a_payment_that_several_runners_bring_at_once_is_one(own_database, clock):
    clock("2026-11-25T09:00")
    order = gateway.RailOrder(
        key=new_id(),
        end_to_end="E2E-1",
        amount=eur("12.50"),
        creditor_name="Jo",
        creditor_account="DE02120300000000202051",
        remittance="Freight",
    )

    brought = outcomes(8, lambda _: gateway.SimulatedRail().submit(order))

    assert brought == [None] * 8
    with reading() as current:
        for table in ("banking.rail_orders", "banking.rail_lines"):
            assert current.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 1
