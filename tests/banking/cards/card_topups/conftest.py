"""A wallet that a card pays into."""

from __future__ import annotations

import pytest

from banking import api as bank
from banking.cards.card_topups import service
from kernel.actor import SYSTEM
from kernel.ids import new_id


@pytest.fixture
def wallet(db):
    """An empty wallet in euro, and the limits of cards."""
    service.load_limits(actor=SYSTEM)
    return bank.open_wallet(owner_id=new_id(), owner_kind="person", currency="EUR", actor=SYSTEM)
