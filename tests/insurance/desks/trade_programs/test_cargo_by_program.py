"""A program prices a shipment of cargo and insures it once, by the rules of the page."""

from banking.authorisation.approvals import service as approvals
from insurance.trade.cargo import queries
from kernel.db import reading
from kernel.money import Money
from tests.insurance.desks.programs.asking_cover import BASE, send

NEED = "I bear this shipment's risk, and I want this cover."


def euros(minor):
    return {"amount": minor, "currency": "EUR"}


def cargo(minor=4_850_00, **otherwise):
    return {
        "business": "Teehaus Brandt GmbH",
        "country": "DE",
        "goods": "Porcelain teapots",
        "hs_code": "830621",
        "marks": "TB 1-40, 40 cartons",
        "basis": "CIF",
        "value": euros(minor),
        "incoterm": "CIF",
        "clauses": "icc_a",
        "war": "none",
        "deductible": "0.5",
        "origin_country": "CN",
        "origin": "Jingdezhen",
        "destination_country": "DE",
        "destination": "Berlin",
        "mode": "FCL",
        "conveyance": "MV Yangtze Star 612E",
        "document": "NGB-4471",
        "invoice": "INV-88",
        "departs_on": "2026-06-10",
        "originals": 2,
        "payable_at": "Berlin",
    } | otherwise


def priced(program, *said, **otherwise):
    answer = send(program, "/cargo/quotes", cargo(*said, **otherwise))
    assert answer.status_code == 201, answer.json
    return answer.json


def buy(program, quote, **otherwise):
    key = otherwise.pop("key", "")
    order = {"quote": quote["id"], "need": NEED} | otherwise
    return send(program, "/cargo/policies", order, key=key)


def wallet_of(actor):
    with reading():
        return queries.paying_wallet(owner_id=actor.person_id, currency="EUR")


def test_a_shipment_is_priced_bought_and_read_again(trader, as_, books_agree):
    program, had = as_(trader), wallet_of(trader).available
    quote = priced(program)

    answer = buy(program, quote)

    policy = answer.json
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"{BASE}/cargo/policies/{policy['id']}")
    assert quote["price"]["sum_insured"]["amount"] == 5_335_00
    assert quote["price"]["total"]["amount"] == (
        quote["price"]["net"]["amount"] + quote["price"]["tax"]["amount"]
    )
    assert (policy["status"], policy["price"]) == ("bound", quote["price"])
    paid = Money(policy["price"]["total"]["amount"], "EUR")
    assert wallet_of(trader).available == had - paid
    assert program.get(f"{BASE}/cargo/policies/{policy['id']}").json == policy
    assert program.get(f"{BASE}/cargo/quotes/{quote['id']}").json["policy"] == policy["id"]
    assert program.get(f"{BASE}/cargo/policies").json["data"] == [policy]


def test_one_key_is_one_policy_and_another_body_is_refused(trader, as_, books_agree):
    program = as_(trader)
    quote, second = priced(program), priced(program, invoice="INV-89")

    first = buy(program, quote, key="k-1")
    again = buy(program, quote, key="k-1")
    changed = buy(program, second, key="k-1")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (changed.status_code, changed.json["code"]) == (409, "cover_key_reused")
    assert len(program.get(f"{BASE}/cargo/policies").json["data"]) == 1


def test_what_needs_a_yes_says_which_and_costs_nothing_before(trader, as_, books_agree):
    program, had = as_(trader), wallet_of(trader).available
    dear = priced(program, 48_500_00, war="war_strikes")

    waits = buy(program, dear, key="k-1")
    before = wallet_of(trader).available
    approvals.give(approval_id=waits.json["id"], method="totp", actor=trader)
    done = buy(program, dear, key="k-1")

    assert (waits.status_code, waits.json["quote"]) == (202, dear["id"])
    assert waits.json["amount"] == dear["price"]["total"]
    assert before == had
    assert (done.status_code, done.json["status"]) == (200, "bound")


def test_a_letter_of_credit_is_checked_before_anything_is_paid(trader, as_):
    program = as_(trader)

    fits = priced(program, deductible="IOP", letter_of_credit={"currency": "EUR"})
    fails = priced(
        program, letter_of_credit={"currency": "USD", "wants_no_deductible": True, "to": "Bremen"}
    )

    assert fits["cargo"]["letter_of_credit"]["currency"] == "EUR"
    assert len(fails["failures"]) > len(fits["failures"])
    assert all(one["point"] and one["text"] for one in fails["failures"])


def test_the_gates_no_is_an_answer_with_its_reason(trader, as_):
    program = as_(trader)
    refused = priced(program, hs_code="710812")

    bought = buy(program, refused)

    assert (refused["decision"], refused["reason"]) == ("decline", "EXCLUDED_GOODS")
    assert (refused["price"], bool(refused["reason_text"])) == (None, True)
    assert (bought.status_code, bought.json["code"]) == (409, "cargo_not_offered")


def test_what_no_cargo_is_insured_without_is_refused_by_the_name_of_its_rule(
    trader, as_, clock, make_person
):
    program = as_(trader)
    quote = priced(program)

    unwanted = buy(program, quote, need=" ")
    clock("2026-06-04T09:00")
    old = buy(program, quote)
    poor = as_(make_person())
    unpaid = buy(poor, priced(poor))

    told = [(one.status_code, one.json["code"]) for one in (unwanted, old, unpaid)]
    assert told == [
        (409, "cargo_needs_missing"),
        (409, "cargo_quote_expired"),
        (409, "cargo_wallet_missing"),
    ]


def test_everything_that_is_wrong_is_told_at_once_by_its_pointer(trader, as_):
    wrong = cargo(
        hs_code="1",
        value={"amount": 1, "currency": "KRW"},
        originals=4,
        assignee="Bank of Ningbo",
        additional=["TPND", "MOTHS"],
        letter_of_credit={"currency": "euro", "bank": "x"},
        uplift_pct="11",
        departs_on="2026-02-30",
    )

    answer = send(as_(trader), "/cargo/quotes", wrong)

    assert answer.status_code == 422
    assert answer.json["errors"].keys() == {
        "/additional/1",
        "/assignee_address",
        "/departs_on",
        "/hs_code",
        "/letter_of_credit/bank",
        "/letter_of_credit/currency",
        "/originals",
        "/uplift_pct",
        "/value/currency",
    }


def test_nobody_else_reads_or_buys_a_price_or_a_policy(trader, other, as_, client):
    mine, theirs = as_(trader), as_(other)
    quote, unbought = priced(mine), priced(mine, invoice="INV-89")
    number = buy(mine, quote).json["id"]

    for ref in (quote["id"], unbought["id"]):
        answer = theirs.get(f"{BASE}/cargo/quotes/{ref}")
        assert (answer.status_code, answer.json["code"]) == (404, "cargo_unknown")
        taken = buy(theirs, {"id": ref})
        assert (taken.status_code, taken.json["code"]) == (404, "cargo_unknown")
    assert theirs.get(f"{BASE}/cargo/policies/{number}").json["code"] == "cargo_unknown"
    assert theirs.get(f"{BASE}/cargo/policies").json["data"] == []
    assert client.get(f"{BASE}/cargo/policies").json["code"] == "not_signed_in"
    assert wallet_of(other).available == Money.of("1000.00", "EUR")
