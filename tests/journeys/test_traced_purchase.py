"""A purchase is one trace, from the button that pays to the last letter about it."""

import pytest

from banking.authorisation.approvals import service as approvals
from kernel.telemetry import tracing
from marketplace.logistics.shipping.cli import settle
from tests.journeys.shopping import to_review

pytestmark = pytest.mark.journey


def test_what_a_press_of_the_button_led_to_is_one_trace(
    market, noon, signed_in, with_money, browse, collector
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer)
    settle()
    browser, form = (
        browse(buyer),
        {"total_minor": view.total.minor, "pay_with": "wallet", "csrf_token": "test-token"},
    )
    answer = browser.post(f"/en/checkout/{view.ref}/pay", data=form)
    if "/approve" in answer.location:
        wanted = answer.location.rpartition("/")[2]
        approvals.give(approval_id=wanted, method="totp", actor=buyer)
        answer = browser.post(f"/en/checkout/{view.ref}/pay", data=form)
    assert "/orders/" in answer.location
    settle()

    tracing.flush()
    _, button = collector.named("POST /<lang>/checkout/<ref>/pay")[-1]
    mine = [span for _, span in collector.spans if span.trace_id == button.trace_id]
    steps = {span.name for span in mine}
    heard = {name for name in steps if name.startswith("deliver ")}
    assert "marketplace.checkout.pay" in steps
    # Shop, bank and cover each hear of it, and of what follows; letters come last.
    floors = {name.removeprefix("deliver ").partition(".")[0] for name in heard}
    assert {"marketplace", "insurance", "kernel"} <= floors
    assert "send mail" in steps
    known = {span.span_id for span in mine}
    assert [one.name for one in mine if one.parent_span_id not in known] == [button.name]
    assert b"camille" not in collector.raw.lower()
