"""The accounts that count, late on a Sunday, and people who operate the bank."""

from __future__ import annotations

import pytest

from banking.control.safeguarding import service
from kernel.actor import SYSTEM, Role


@pytest.fixture
def scope(db, clock):
    """Which accounts count; Sunday, a little before it is over."""
    service.load_scope(actor=SYSTEM)
    clock("2026-11-01T23:00")


@pytest.fixture
def make_operator(make_person):
    return lambda: make_person(roles=frozenset({Role.OPERATOR}))
