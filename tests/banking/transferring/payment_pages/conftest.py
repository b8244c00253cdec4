"""A Wednesday morning, who pays and who is paid, and a browser of somebody in France."""

from __future__ import annotations

import pytest
from bank_objects import make_wallet

from banking.authorisation.approvals import service as approvals
from kernel.actor import SYSTEM


@pytest.fixture
def morning(db, clock):
    clock("2026-11-25T09:00")
    approvals.load_reference_data(actor=SYSTEM)


@pytest.fixture
def payer(make_person):
    actor = make_person()
    make_wallet("1000", owner_id=actor.person_id)
    return actor


@pytest.fixture
def payee(make_person):
    actor = make_person()
    make_wallet("0", owner_id=actor.person_id)
    return actor


@pytest.fixture
def browse(as_):
    def browser(actor):
        found = as_(actor)
        with found.session_transaction() as cookies:
            cookies["country"], cookies["currency"] = "FR", "EUR"
        return found

    return browser
