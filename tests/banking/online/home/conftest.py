"""The bank's terms with rates of Friday, and a browser of somebody in France."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from banking.cards.card_topups import service as payments
from banking.core.fx import service as fx
from banking.core.fx.gateway import Published, house_rows
from kernel.actor import SYSTEM


@pytest.fixture
def rates(db, clock):
    """Rates of Friday and the bank's own terms; Monday morning."""
    clock("2026-11-02T09:00")
    db.execute(text("INSERT INTO banking.fx_sources VALUES ('ecb', 'ECB.', 7)"))
    for table, rows in (("fx_pegs", house_rows("pegs")), ("fx_terms", house_rows("terms"))):
        columns, marks = ", ".join(rows[0]), ", ".join(f":{name}" for name in rows[0])
        db.execute(text(f"INSERT INTO banking.{table} ({columns}) VALUES ({marks})"), rows)
    per_euro = {"USD": "1.1172", "JPY": "175.68", "GBP": "0.8338", "CNY": "7.4326"}
    fx.store_rates(
        rates=[Published(c, date(2026, 10, 30), Decimal(f)) for c, f in per_euro.items()],
        actor=SYSTEM,
    )
    payments.load_limits(actor=SYSTEM)


@pytest.fixture
def browse(as_):
    """A browser of somebody in France who counts in euro."""

    def browser(actor):
        found = as_(actor)
        with found.session_transaction() as cookies:
            cookies["country"], cookies["currency"] = "FR", "EUR"
        return found

    return browser
