"""A paid checkout is completed twenty times at once, by page, webhook and job: once."""

from __future__ import annotations

import pytest
from paying_by_card import BY_CARD, page_of
from sqlalchemy import text

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.cards.card_topups.queries import clearing
from kernel.db import reading
from kernel.jobs import drain
from kernel.money import Money
from marketplace.buying.checkout import jobs
from marketplace.buying.checkout import service as checkout
from marketplace.buying.checkout.service import Kind, Means
from tests.banking.bank_objects import available, outcomes, posted, verified
from tests.journeys.racing import FUNDS, make_buyer, open_house
from tests.marketplace.makers import make_offer

pytestmark = pytest.mark.journey

TIMES = 20
SHARE = Money.of("5000", "JPY")
COUNTS = text(
    "SELECT (SELECT count(*) FROM marketplace.order_group) AS groups,"
    " (SELECT count(*) FROM marketplace.vendor_order) AS orders,"
    " (SELECT count(*) FROM banking.escrows) AS holds,"
    " (SELECT count(*) FROM banking.journals WHERE kind = 'escrow_funded') AS journals,"
    " (SELECT count(*) FROM kernel.outbox WHERE name = 'marketplace.order.placed.v1') AS told,"
    " (SELECT sum(allocated) FROM marketplace.stock_level) AS allocated"
)


def paid_at_the_network(network, buyer, means):
    """Press the button and type a card; return what was shown and the payment, not looked at."""
    view = buyer.review()
    asked = {"ref": view.ref, "expected": view.total, "means": means, "actor": buyer.actor}
    found = checkout.pay(**asked)
    if found.approval_id is not None:
        approvals.give(approval_id=found.approval_id, method="totp", actor=buyer.actor)
        found = checkout.pay(**asked)
    network.pay(page_of(found.payment_id))
    return view, found.payment_id


@pytest.mark.parametrize(
    "means", [BY_CARD, Means(kind=Kind.BOTH, share=SHARE)], ids=["card", "wallet and card"]
)
def test_page_webhook_and_job_twenty_times_at_once_are_one_order_and_one_charge(
    own_database, network, app, means
):
    open_house()
    buyer = make_buyer(make_offer(stock=TIMES).offer_id, 0)
    view, payment_id = paid_at_the_network(network, buyer, means)
    letters = network.caught.wait_for(2)

    def come_back() -> str:
        return checkout.complete_all(ref=view.ref, actor=buyer.actor)

    def hear() -> int:
        body, signature = letters[-1]
        answer = app.test_client().post(
            "/webhooks/card-network", data=body, headers={"Stripe-Signature": signature}
        )
        assert answer.status_code == 200
        return drain()

    ways = [come_back, hear, jobs.complete_paid]
    found = outcomes(TIMES, lambda number: ways[number % 3]())

    assert [one for one in found if isinstance(one, Exception)] == []
    refs = {one for one in found if isinstance(one, str)}
    (group_ref,) = refs
    share = means.share or Money.zero("JPY")
    with reading() as current:
        counted = dict(current.execute(COUNTS).mappings().one())
        purchase = bank.purchase(payment_id=payment_id)
    assert counted == dict.fromkeys(counted, 1)
    assert [charge["amount"] for charge in network.charges()] == [(view.total - share).minor]
    assert network.network.records.refunds == {}
    assert purchase.outcome == "placed"
    assert available(buyer.wallet) == FUNDS - share
    assert not posted(clearing(payment_id, "JPY"))
    assert verified().balanced
    assert checkout.complete_all(ref=view.ref, actor=buyer.actor) == group_ref
