"""A customer whose program asks for cover."""

import pytest

from banking.authorisation.approvals import service as approvals
from kernel.actor import SYSTEM
from tests.documented import comparing


@pytest.fixture(autouse=True)
def documented(app, monkeypatch):
    """Every request, answer and letter of these tests is what the OpenAPI document says."""
    return comparing(app, monkeypatch)


@pytest.fixture
def customer(make_person, clock):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    return make_person(email="ada@example.com", country="DE")
