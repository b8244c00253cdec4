"""The tour proves its end: whatever did not happen is said."""

import copy

import pytest

from marketplace.demo.tour.verdict import unproved

TOLD = {
    "orders": [
        {"reference": "O-1", "state": "indemnified", "expected": "indemnified"},
        {"reference": "O-2", "state": "completed", "expected": "completed"},
    ],
    "payouts": [{"order": "O-1", "paid": "10.00"}, {"order": "O-2", "paid": "20.00"}],
    "arrivals": [{"reference": "P-1", "amount": "30.00"}],
    "claims": [{"order": "O-1", "state": "paid", "paid": "12.50"}],
    "damage_claim": {"order": "O-9", "state": "paid", "paid": "9.00"},
    "reviews": 5,
    "ledger": {"balanced": True, "entries": 40, "totals": {"EUR": "0.00", "JPY": "0"}},
}


def put(account, path, value):
    *way, last = path
    for step in way:
        account = account[step]
    account[last] = value


def test_a_story_that_ended_well_leaves_nothing_to_say():
    assert unproved(TOLD) == []


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["orders", 1, "state"], "in_transit", "order O-2 is in_transit and not completed"),
        (["orders", 0, "state"], "completed", "order O-1 is completed and not indemnified"),
        (["claims"], [], "no claim was paid"),
        (["claims", 0, "state"], "in_review", "no claim was paid"),
        (["claims", 0, "paid"], "0.00", "no claim was paid"),
        (["claims", 0, "order"], "O-2", "no claim was paid"),
        (["damage_claim"], None, "no damage claim was paid"),
        (["damage_claim", "state"], "recommended", "no damage claim was paid"),
        (["damage_claim", "paid"], "0.00", "no damage claim was paid"),
        (["payouts"], TOLD["payouts"][:1], "the vendor of order O-2 was not paid"),
        (["payouts", 0, "paid"], "0.00", "the vendor of order O-1 was not paid"),
        (["arrivals"], [], "no money arrived"),
        (["reviews"], 0, "nobody reviewed what arrived"),
        (["ledger", "balanced"], False, "the ledger is not balanced"),
        (["ledger", "totals", "EUR"], "-0.01", "the ledger's EUR sum to -0.01"),
        (["ledger", "entries"], 0, "the ledger has no entries"),
    ],
)
def test_one_thing_that_did_not_happen_is_said(path, value, said):
    account = copy.deepcopy(TOLD)
    put(account, path, value)
    (sentence,) = unproved(account)
    assert sentence.startswith(said)


def test_a_tour_without_orders_proves_nothing():
    assert "nobody ordered anything" in unproved(TOLD | {"orders": [], "payouts": [], "claims": []})


def test_an_account_of_an_older_tour_is_not_taken_for_proof():
    older = copy.deepcopy(TOLD)
    for order in older["orders"]:
        del order["expected"]
    assert unproved(older)
