"""Two traders whose programs ask for open covers and cargo, held against the document."""

import pytest

from banking.authorisation.approvals import service as approvals
from kernel.actor import SYSTEM
from tests.documented import comparing
from tests.insurance.conftest import make_wallet


@pytest.fixture(autouse=True)
def documented(app, monkeypatch):
    """Every request, answer and letter of these tests is what the OpenAPI document says."""
    return comparing(app, monkeypatch)


@pytest.fixture
def trader(make_person, clock):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    actor = make_person(email="ada@example.com", country="DE")
    make_wallet(actor.person_id)
    return actor


@pytest.fixture
def other(trader, make_person):
    """Another trader, with cover and a wallet of their own."""
    actor = make_person(email="rosa@example.com", country="DE")
    make_wallet(actor.person_id)
    return actor
