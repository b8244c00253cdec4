"""How a payment by card is begun, made on the page of the network and reported; where it stands."""

from __future__ import annotations

import json

from sqlalchemy import text

from banking import api as bank
from banking.cards.card_topups import jobs, service
from banking.cards.card_topups.events import PaymentReported
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money

SECRET = "whsec_entrepot_demo"
BACK = "http://127.0.0.1:8000/en/bank/top-ups/1"


def start(wallet, amount="50.00", key=None):
    return bank.start_top_up(
        wallet_id=wallet.id,
        amount=Money.of(amount, wallet.currency),
        key=key or new_id(),
        actor=SYSTEM,
    )


def open_page(payment):
    return service.card_page(
        payment_id=payment.id, owner_id=payment.owner_id, title="Top-up", back_to=BACK, actor=SYSTEM
    )


def posted(wallet):
    with reading():
        return bank.wallet(wallet_id=wallet.id).posted


def house(kind):
    with reading():
        return ledger_queries.balance(account=ledger.AccountRef.house(kind, "EUR")).posted


def stored(outbox, kind):
    return [event for event in outbox() if isinstance(event, kind)]


def settle_reported(outbox):
    """Run the handler for every report that was published, as the worker does."""
    for event in stored(outbox, PaymentReported):
        jobs.settle_reported(event)


def events_of(db):
    return db.execute(text("SELECT count(*) FROM banking.provider_events")).scalar_one()


def letter(payment, *, kind="payment_intent.succeeded", event_id="evt_1"):
    return json.dumps(
        {
            "id": event_id,
            "object": "event",
            "type": kind,
            "data": {"object": {"metadata": {"payment_id": str(payment.id)}}},
        }
    ).encode()
