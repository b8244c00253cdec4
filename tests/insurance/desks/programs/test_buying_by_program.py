"""A program prices shipments and buys cover by the same commands and rules as the pages."""

import pytest
from sqlalchemy import text

from banking.authorisation.approvals import service as approvals
from insurance.contracts.policies import queries as policies
from insurance.offers.shipments import gateway
from insurance.offers.shipments.gateway import Fault
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import available, make_wallet
from tests.insurance.desks.programs.asking_cover import (
    BASE,
    DEMANDS,
    bought,
    order,
    parcel,
    priced,
    send,
)
from tests.insurance.offers.shipments.describing import scan

HAD = Money.of("1000.00", "EUR")


def journals(db):
    counted = "SELECT count(*) FROM banking.journals WHERE kind = 'cover_bought'"
    return db.execute(text(counted)).scalar_one()


def test_each_shipment_of_a_list_has_an_answer_of_its_own(customer, as_):
    shipments = [
        parcel(),
        parcel(tracking_number="JD014600004RQ", kind="fresh"),
        parcel(tracking_number="JD014600005RQ", kind="valuables"),
    ]

    answer = send(as_(customer), "/quotes", {"shipments": shipments})

    assert answer.status_code == 201
    told = [(one["decision"], one["reason"]) for one in answer.json["data"]]
    assert told == [
        ("quote", None),
        ("refer", "PERISHABLE"),
        ("decline", "EXCLUDED_GOODS"),
    ]
    middle = answer.json["data"][0]["levels"][1]
    price = middle["price"]
    assert (middle["level"], middle["perils"]) == ("STD", ["lost", "damage"])
    assert price["total"]["amount"] == price["net"]["amount"] + price["tax"]["amount"]
    assert price["tax_rule"] == "DE-LOSS-cross_border-consumer-2026-01-01"
    assert middle["sum_insured"] == {"amount": 20000, "currency": "EUR"}


def test_a_carrier_that_does_not_answer_leaves_the_others_their_prices(customer, as_):
    gateway.order_fault(Fault.TIME_OUT, 1)
    shipments = [parcel(), parcel(tracking_number="JD014600004RQ")]

    answer = send(as_(customer), "/quotes", {"shipments": shipments})

    silent, priced_one = answer.json["data"]
    assert (silent["decision"], silent["reason"]) == ("retry", "tracking_down")
    assert (priced_one["decision"], silent["tracking_number"]) == ("quote", "JD014600003RQ")


def test_a_quote_is_bought_and_read_again(customer, as_, books_agree):
    wallet, program = make_wallet(customer.person_id), as_(customer)
    quote = priced(program)

    answer = send(program, "/policies", order(program, quote))

    policy = answer.json
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"{BASE}/policies/{policy['id']}")
    assert policy["status"] == "bound"
    assert policy["premium"]["total"] == quote["levels"][1]["price"]["total"]
    assert available(wallet.id) == HAD - Money(policy["premium"]["total"]["amount"], "EUR")
    read = program.get(f"{BASE}/policies/{policy['id']}")
    assert read.json == policy
    assert read.headers["Cache-Control"] == "no-store"
    assert program.get(f"{BASE}/quotes/{quote['id']}").json["policy"] == policy["id"]


def test_one_key_is_one_policy_and_one_journal_and_another_body_is_refused(
    customer, as_, db, books_agree
):
    make_wallet(customer.person_id)
    program = as_(customer)
    wanted = order(program, priced(program))

    first = send(program, "/policies", wanted, key="k-1")
    again = send(program, "/policies", wanted, key="k-1")
    changed = send(program, "/policies", wanted | {"level": "PLUS"}, key="k-1")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (changed.status_code, changed.json["code"]) == (409, "cover_key_reused")
    assert changed.mimetype == "application/problem+json"
    assert journals(db) == 1
    assert len(program.get(f"{BASE}/policies").json["data"]) == 1


@pytest.mark.parametrize(
    ("otherwise", "code"),
    [
        ({"level": None}, "cover_choice_not_active"),
        ({"product_information": None}, "product_information_missing"),
        ({"product_information": "IPID-1"}, "product_information_missing"),
        ({"demands": []}, "demands_and_needs_missing"),
        ({"demands": [" "]}, "demands_and_needs_missing"),
    ],
)
def test_what_no_policy_is_bound_without_is_refused_by_the_name_of_its_rule(
    customer, as_, otherwise, code
):
    wallet, program = make_wallet(customer.person_id), as_(customer)

    answer = send(program, "/policies", order(program, priced(program), **otherwise))

    assert (answer.status_code, answer.json["code"]) == (409, code)
    assert available(wallet.id) == HAD


def test_a_label_that_was_scanned_is_declined_and_the_wallet_untouched(customer, as_):
    wallet, program = make_wallet(customer.person_id), as_(customer)
    quote = priced(program)

    scan()
    late = send(program, "/policies", order(program, quote))
    anew = priced(program)

    assert (late.status_code, late.json["code"]) == (409, "shipment_already_in_transit")
    assert (anew["decision"], anew["reason"]) == ("decline", "ALREADY_IN_TRANSIT")
    assert program.get(f"{BASE}/quotes/{quote['id']}").json["reason"] == "ALREADY_IN_TRANSIT"
    assert available(wallet.id) == HAD


def test_what_needs_a_yes_says_which_and_where_and_costs_nothing_before(customer, as_, books_agree):
    wallet, program = make_wallet(customer.person_id), as_(customer)
    dear = priced(program, value={"amount": 400_000, "currency": "EUR"})
    wanted = order(program, dear)

    waits = send(program, "/policies", wanted, key="k-1")
    same = send(program, "/policies", wanted, key="k-1")
    had = available(wallet.id)
    approval_id = waits.json["id"]
    approvals.give(approval_id=approval_id, method="totp", actor=customer)
    done = send(program, "/policies", wanted, key="k-1")

    assert (waits.status_code, waits.json["status"]) == (202, "waiting")
    assert waits.json["amount"] == dear["levels"][1]["price"]["total"]
    assert waits.json["approve_at"].endswith(f"/en/bank/approvals/{approval_id}")
    assert same.json == waits.json
    assert had == HAD
    assert (done.status_code, done.json["status"]) == (200, "bound")
    assert available(wallet.id) == HAD - Money(done.json["premium"]["total"]["amount"], "EUR")


def test_a_refusal_is_remembered_by_its_key_alone(customer, as_):
    program = as_(customer)
    wanted = order(program, priced(program))

    poor = send(program, "/policies", wanted, key="k-1")
    make_wallet(customer.person_id)
    again = send(program, "/policies", wanted, key="k-1")
    anew = send(program, "/policies", wanted, key="k-2")

    assert (poor.status_code, poor.json["code"]) == (409, "cover_paying_wallet_missing")
    assert (again.status_code, again.json["code"]) == (409, "cover_paying_wallet_missing")
    assert anew.status_code == 201


def test_a_list_is_walked_by_cursors_and_misses_none(customer, as_):
    make_wallet(customer.person_id)
    program = as_(customer)
    numbers = [bought(program, tracking_number=f"JD01460000{n}RQ")["id"] for n in range(3)]

    found, path = [], f"{BASE}/policies?limit=2"
    while path:
        page = program.get(path).json
        found += [one["id"] for one in page["data"]]
        path = page["has_more"] and f"{BASE}/policies?limit=2&cursor={page['next_cursor']}"

    assert len(found) == len(numbers)
    assert set(found) == set(numbers)
    assert program.get(f"{BASE}/policies?locale=fr").status_code == 200
    wrong = program.get(f"{BASE}/policies?cursor=x")
    assert (wrong.status_code, wrong.json["code"]) == (400, "cursor_unknown")
    assert program.get(f"{BASE}/policies?limit=201").status_code == 422
    assert program.get(f"{BASE}/policies?page=2").json["errors"].keys() == {"page"}


def test_whoever_is_not_the_holder_finds_nothing(customer, as_, make_person, client):
    make_wallet(customer.person_id)
    program = as_(customer)
    quote = priced(program)
    policy = bought(program, tracking_number="JD014600009RQ")
    other = as_(make_person())

    for path in (f"/policies/{policy['id']}", f"/quotes/{quote['id']}"):
        answer = other.get(f"{BASE}{path}")
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    taken = send(other, "/policies", order(other, quote))
    assert (taken.status_code, taken.json["code"]) == (404, "shipment_unknown")
    assert client.get(f"{BASE}/policies").json["code"] == "not_signed_in"


def test_everything_that_is_wrong_is_told_at_once_by_its_pointer(customer, as_):
    wrong = parcel(carrier="STORK", weight_g="2", value={"amount": 0, "currency": "EUR", "tax": 1})

    answer = send(as_(customer), "/quotes", {"shipments": [wrong | {"colour": "red"}], "x": 1})

    assert answer.status_code == 422
    assert answer.json["errors"].keys() == {
        "/x",
        "/shipments/0/carrier",
        "/shipments/0/colour",
        "/shipments/0/value/amount",
        "/shipments/0/value/tax",
        "/shipments/0/weight_g",
    }


def test_a_write_brings_the_token_of_its_session_json_and_a_key(customer, as_):
    program = as_(customer)
    token = program.get("/api/v1/session")
    headers = {"X-CSRF-Token": token.json["csrf_token"]}
    path = f"{BASE}/policies"

    assert token.headers["Cache-Control"] == "no-store"
    bare = program.post(path, json={"quote": "H-1"})
    form = program.post(path, data={"quote": "H-1"}, headers=headers)
    broken = program.post(path, data="[", content_type="application/json", headers=headers)
    keyless = program.post(path, json={"quote": "H-1"}, headers=headers)

    told = [(one.status_code, one.json["code"]) for one in (bare, form, broken, keyless)]
    assert told == [
        (403, "not_from_our_page"),
        (415, "json_expected"),
        (400, "json_unreadable"),
        (400, "idempotency_key_missing"),
    ]


def test_the_policy_keeps_what_the_customer_stated(customer, as_):
    make_wallet(customer.person_id)
    number = bought(as_(customer))["id"]

    with reading():
        held = policies.certificate(number)
    assert held.needs == tuple(DEMANDS)


def test_a_program_covers_a_gift_duty_and_a_late_delivery(customer, as_, books_agree):
    wallet, program = make_wallet(customer.person_id), as_(customer)
    freight = parcel(gift=True, duty={"amount": 3000, "currency": "EUR"}, promised_on="2026-06-15")
    freight["freight"] = freight.pop("delivery")
    quote = send(program, "/quotes", {"shipments": [freight]}).json["data"][0]

    policy = send(program, "/policies", order(program, quote, delay=True)).json

    assert quote["levels"][1]["sum_insured"] == {"amount": 23000, "currency": "EUR"}
    assert quote["delay"]["trigger_days"] == policy["delay"]["trigger_days"] == 7
    assert quote["delay"]["promised_on"] == "2026-06-15"
    late = policy["premium"]["sections"][1]
    assert (late["section"], late["net"]) == ("DELAY", quote["delay"]["price"]["net"])
    with reading():
        [held] = policies.policies_of(owner_id=customer.person_id)
    assert held.parcel.is_gift
    assert available(wallet.id) == HAD - held.total


def test_a_program_hears_why_a_late_delivery_is_not_covered(customer, as_):
    make_wallet(customer.person_id)
    program = as_(customer)
    untold = priced(program)

    refused = send(program, "/policies", order(program, untold, delay=True))
    past = send(program, "/quotes", {"shipments": [parcel(promised_on="2026-05-31")]})
    both = parcel(freight={"amount": 100, "currency": "EUR"}, promised_on="soon")
    unread = send(program, "/quotes", {"shipments": [both]})

    assert untold["delay"] is None
    assert refused.json["code"] == "cover_promise_missing"
    assert past.json["code"] == "shipment_promise_past"
    assert unread.json["errors"].keys() == {
        "/shipments/0/freight",
        "/shipments/0/promised_on",
    }
