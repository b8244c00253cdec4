"""The stand-in network keeps its own promises: keys, signatures, delivery, faults."""

from __future__ import annotations

import json
import time

import pytest
import requests
import stripe
from click.testing import CliRunner

from banking.cards.card_topups import cli
from banking.cards.card_topups.standin.faults import Fault
from banking.cards.card_topups.standin.hosted import adds_up
from banking.cards.card_topups.standin.records import Records
from kernel.ids import new_id
from tests.asking import says

KEY = {"Authorization": "Bearer sk_test_entrepot"}
SECRET = "whsec_entrepot_demo"


def make_page(network, *, amount="5000", key=None, title="Top-up"):
    form = {
        "mode": "payment",
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "eur",
        "line_items[0][price_data][unit_amount]": amount,
        "line_items[0][price_data][product_data][name]": title,
        "success_url": "http://127.0.0.1:1/back",
    }
    headers = KEY | ({"Idempotency-Key": key} if key else {})
    address = f"{network.network.address}/v1/checkout/sessions"
    return requests.post(address, data=form, headers=headers, timeout=10)


def is_genuine(body, signature):
    try:
        return stripe.WebhookSignature.verify_header(body, signature, SECRET, 300)
    except stripe.SignatureVerificationError:
        return False


def test_a_key_is_answered_the_same_again_and_refused_for_something_else(network):
    key = str(new_id())

    first, again = make_page(network, key=key), make_page(network, key=key)
    other = make_page(network, key=key, amount="5001")

    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["error"]["type"]) == (400, "idempotency_error")


def test_nobody_without_a_key_is_served(network):
    assert requests.get(f"{network.network.address}/v1/charges", timeout=10).status_code == 401


@pytest.mark.parametrize("amount", ["0", "-5", "ten"])
def test_a_page_for_no_amount_is_not_opened(network, amount):
    assert make_page(network, amount=amount).status_code == 400


def test_webhooks_are_signed_and_delivered_again_until_taken(network):
    network.caught.answers[:] = [500, 500]

    network.pay(make_page(network).json()["url"])
    letters = network.caught.wait_for(4)

    assert all(is_genuine(*letter) for letter in letters)
    assert len({json.loads(body)["id"] for body, _ in letters}) == 2


@pytest.mark.parametrize("fault", [Fault.BAD_SIGNATURE, Fault.OLD_SIGNATURE])
def test_a_badly_signed_webhook_comes_again_with_a_right_signature(network, fault):
    network.fault(fault)
    network.caught.answers[:] = [400, 400]

    network.pay(make_page(network).json()["url"])
    letters = network.caught.wait_for(4)

    tries = [
        [is_genuine(*x) for x in letters if json.loads(x[0])["type"] == kind]
        for kind in ("payment_intent.succeeded", "checkout.session.completed")
    ]
    assert tries == [[False, True], [True, True]]


def test_duplicates_are_the_same_event(network):
    network.fault(Fault.DUPLICATE)

    network.pay(make_page(network).json()["url"])
    letters = network.caught.wait_for(4)

    counts = sorted(
        [json.loads(body)["id"] for body, _ in letters].count(key)
        for key in {json.loads(body)["id"] for body, _ in letters}
    )
    assert counts == [1, 3]


def test_a_held_webhook_arrives_after_the_next(network):
    network.fault(Fault.REORDER)

    network.pay(make_page(network).json()["url"])
    letters = network.caught.wait_for(2)

    kinds = [json.loads(body)["type"] for body, _ in letters]
    assert kinds == ["checkout.session.completed", "payment_intent.succeeded"]


def test_faults_are_ordered_counted_and_cleared_over_http(network):
    address = f"{network.network.address}/_faults"

    requests.post(address, json={"fault": "drop", "times": 3}, timeout=10)
    assert requests.get(address, timeout=10).json() == {"drop": 3}
    requests.delete(address, timeout=10)
    assert requests.get(address, timeout=10).json() == {}


def test_the_command_line_orders_faults_and_lets_things_happen(network, db):
    def said(command, *words):
        # Only what the command itself says: a server's thread may complain beside it.
        return json.loads(CliRunner().invoke(command, words, catch_exceptions=False).stdout)

    ordered = said(cli.card_fault, "keep", "--times", "2")
    network.pay(make_page(network).json()["url"])
    let_go = said(cli.card_event, "let-go")
    paid_out = said(cli.card_event, "pay-out")

    assert ordered == {"keep": 2}
    assert let_go == {"delivered": 2}
    assert [payout["amount"] for payout in network.network.records.payouts.values()] == [4900]
    assert paid_out == list(network.network.records.payouts)


def test_the_books_survive_a_restart(tmp_path):
    records = Records(tmp_path)
    wanted = {
        "mode": "payment",
        "line_items": [
            {
                "quantity": "1",
                "price_data": {
                    "currency": "eur",
                    "unit_amount": "5000",
                    "product_data": {"name": "x"},
                },
            }
        ],
        "success_url": "http://127.0.0.1:1/",
    }
    page = records.open_session(wanted, public_address="http://127.0.0.1:1")

    found = Records(tmp_path).session(page["id"])

    assert found is not None
    assert found["amount_total"] == 5000


def test_a_page_ends_after_a_day(network):
    page = make_page(network).json()
    network.network.records.sessions[page["id"]]["expires_at"] = time.time() - 1

    shown = requests.get(page["url"], timeout=10)
    paid = network.pay(page["url"])

    assert says(shown, "This payment page has expired. Nothing was charged.")
    assert says(paid, "This payment page has expired. Nothing was charged.")
    assert network.charges() == []


@pytest.mark.parametrize(
    ("number", "is_right"),
    [("4242424242424242", True), ("4000000000000341", True), ("4242424242424241", False)],
)
def test_the_check_digit_decides(number, is_right):
    assert adds_up(number) is is_right


def test_titles_are_shown_as_text(network):
    page = requests.get(make_page(network, title="<b>x</b>").json()["url"], timeout=10)

    assert "&lt;b&gt;x&lt;/b&gt;" in page.text
