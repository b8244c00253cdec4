"""Wallets in which months were lived: as they are, and with the months closed."""

from __future__ import annotations

import pytest
from bank_objects import make_wallet

from banking.online.statements import service
from kernel.actor import SYSTEM
from tests.banking.online.statements.lived_months import exchange, pay, top_up


@pytest.fixture
def lived(db, clock):
    """A wallet opened in September, used in September and November, never in October."""
    clock("2026-09-10T09:00")
    wallet = make_wallet()
    top_up(wallet, "1000", memo="First money: ü, 茶 & <tea>")
    clock("2026-09-30T23:59:59")
    pay(wallet, "120.50")
    clock("2026-11-01T00:00")
    exchange(wallet, "200", "1.00")
    clock("2026-11-20T12:00")
    return wallet


@pytest.fixture
def closed(lived, clock):
    """The same in December, every month closed."""
    clock("2026-12-01T01:00")
    service.close_months(wallet_id=lived.id, actor=SYSTEM)
    return lived
