"""One file sent by many hands at once, with real commits."""

from __future__ import annotations

from bank_objects import make_customer, make_wallet, outcomes
from sqlalchemy import text

from banking.approvals import service as approvals
from banking.payfiles import service
from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.ids import new_id
from tests.banking.payfiles.file_objects import pain, pmt, tx


def test_sixteen_hands_that_send_the_same_file_make_one_batch(own_database, clock):
    clock("2026-11-25T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    owner = make_customer()
    actor = Actor(person_id=owner, label="x")
    content = pain(pmt(make_wallet("100", owner_id=owner).iban, tx(1), tx(2)))

    found = outcomes(16, lambda _: service.upload(
        key=new_id(), owner_id=owner, content=content, file_name="a.xml", actor=actor
    ).id)  # fmt: skip

    assert len(set(found)) == 1, found
    with reading() as current:
        lines = current.execute(text("SELECT count(*) FROM banking.batch_lines")).scalar_one()
    assert lines == 2
