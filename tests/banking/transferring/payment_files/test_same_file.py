"""One file sent by many hands at once, with real commits."""

from __future__ import annotations

import pytest
from bank_objects import make_customer, make_wallet, outcomes
from sqlalchemy import text

from banking.authorisation.approvals import service as approvals
from banking.transferring.payment_files import service
from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.ids import new_id
from tests.banking.transferring.payment_files.file_objects import pain, pmt, tx


@pytest.fixture
def actor(own_database, clock):
    clock("2026-11-25T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    return Actor(person_id=make_customer(), label="x")


def uploaded(actor, content):
    return service.upload(
        key=new_id(), owner_id=actor.person_id, content=content, file_name="a.xml", actor=actor
    )


def test_sixteen_hands_that_send_the_same_file_make_one_batch(actor):
    iban = make_wallet("100", owner_id=actor.person_id).iban
    content = pain(pmt(iban, tx(1), tx(2)))

    found = outcomes(16, lambda _: uploaded(actor, content).id)

    assert len(set(found)) == 1, found
    with reading() as current:
        lines = current.execute(text("SELECT count(*) FROM banking.batch_lines")).scalar_one()
    assert lines == 2


def test_of_many_files_with_one_message_id_at_once_one_can_be_paid(actor):
    iban = make_wallet("100", owner_id=actor.person_id).iban

    found = outcomes(8, lambda n: uploaded(actor, pain(pmt(iban, tx(n + 1)))).state)

    assert sorted(found) == ["checked", *["refused"] * 7]
