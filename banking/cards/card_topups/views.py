"""The door for the card network's webhooks."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from banking.cards.card_topups import gateway, service
from kernel.actor import SYSTEM
from kernel.web import public
from kernel.web.blueprints import root_blueprint

webhooks = root_blueprint("webhooks", __name__)


@webhooks.post("/webhooks/card-network")
@public
def card_network() -> ResponseReturnValue:
    """Store a signed report; what it is about is asked for later, so the answer is quick."""
    request.max_content_length = gateway.LARGEST_REPORT
    report = gateway.report(
        body=request.get_data(cache=False), signature=request.headers.get("Stripe-Signature", "")
    )
    service.record_report(report=report, actor=SYSTEM)
    return {"received": True}
