"""A program sees the price of a change, and what is done is exactly that."""

from datetime import timedelta

import pytest

from kernel import clock as house_clock
from kernel.money import Money
from tests.insurance.conftest import available, buy, make_wallet, scan
from tests.insurance.desks.programs.asking_cover import BASE, send


def money_of(told):
    return Money(told["amount"], told["currency"])


@pytest.fixture
def wallet(customer):
    return make_wallet(customer.person_id)


@pytest.fixture
def policy(customer, wallet):
    return buy(owner_id=customer.person_id, wallet=wallet)


def at(policy, kind, *, preview=True):
    return f"/policies/{policy.number}/{kind}{'?preview=true' if preview else ''}"


def euros(minor):
    return {"amount": minor, "currency": "EUR"}


def read(program, policy):
    return program.get(f"{BASE}/policies/{policy.number}").json


def test_other_terms_are_priced_and_done_as_they_were_shown(
    customer, wallet, policy, as_, books_agree
):
    program, had = as_(customer), available(wallet.id)
    wanted = {"values": [euros(14_000)], "insured": "Rosa Lind"}

    shown = send(program, at(policy, "endorsements"), wanted)
    before = read(program, policy)
    done = send(program, at(policy, "endorsements", preview=False), {"preview": shown.json["id"]})
    again = send(program, at(policy, "endorsements", preview=False), {"preview": shown.json["id"]})

    after = read(program, policy)
    due = money_of(shown.json["due"])
    assert (shown.status_code, shown.json["status"]) == (201, "shown")
    assert shown.json["terms"]["sum_insured"] == euros(14_800)
    assert shown.json["terms"]["destination"] == "DE"
    assert (before["revision"], after["revision"]) == (1, 2)
    assert (done.status_code, done.json["status"]) == (200, "done")
    assert again.json == done.json
    assert money_of(after["premium"]["total"]) == policy.total + due
    assert after["insured"] == "Rosa Lind"
    assert available(wallet.id) == had - due


def test_of_two_previews_the_first_that_is_done_wins(customer, policy, as_):
    program = as_(customer)
    first = send(program, at(policy, "endorsements"), {"values": [euros(14_000)]}).json["id"]
    second = send(program, at(policy, "endorsements"), {"insured": "Rosa Lind"}).json["id"]

    send(program, at(policy, "endorsements", preview=False), {"preview": first})
    late = send(program, at(policy, "endorsements", preview=False), {"preview": second})

    assert (late.status_code, late.json["code"]) == (409, "cover_change_overtaken")


def test_what_a_change_may_not_say_is_told_by_its_pointer(customer, policy, as_):
    program = as_(customer)
    wrong = {"values": [{"amount": 1, "currency": "USD"}], "destination": "XX", "delay": 1}

    answer = send(program, at(policy, "endorsements"), wrong)
    nothing = send(program, at(policy, "endorsements"), {})
    unsaid = send(program, at(policy, "endorsements", preview=False), {})

    assert answer.json["errors"].keys() == {"/values/0/currency", "/destination", "/delay"}
    assert (nothing.status_code, nothing.json["code"]) == (409, "cover_change_is_none")
    assert unsaid.json["errors"].keys() == {"/preview"}


def test_an_end_is_shown_and_gives_back_exactly_that(customer, wallet, policy, as_, books_agree):
    program, had = as_(customer), available(wallet.id)

    shown = send(program, at(policy, "withdrawals"))
    done = send(program, at(policy, "withdrawals", preview=False), {"preview": shown.json["id"]})

    assert (shown.json["kind"], shown.json["ending"]["basis"]) == ("withdraw", "whole")
    assert money_of(shown.json["back"]) == policy.total
    assert done.json["status"] == "done"
    assert read(program, policy)["status"] == "cancelled"
    assert available(wallet.id) == had + policy.total


def test_a_preview_is_of_one_policy_and_one_kind(customer, wallet, policy, as_):
    other = buy(owner_id=customer.person_id, wallet=wallet)
    program = as_(customer)
    preview = {"preview": send(program, at(policy, "withdrawals")).json["id"]}

    for path in (
        at(policy, "endorsements", preview=False),
        at(policy, "assignments", preview=False),
        at(other, "withdrawals", preview=False),
    ):
        answer = send(program, path, preview)
        assert (answer.status_code, answer.json["code"]) == (404, "cover_change_unknown")
    assert read(program, policy)["status"] == "bound"


def test_what_is_over_is_not_ended_again(customer, policy, as_):
    scan(policy)
    house_clock.freeze(policy.bound_at + timedelta(days=policy.planned_days + 15))

    answer = send(as_(customer), at(policy, "withdrawals"))

    assert (answer.status_code, answer.json["code"]) == (409, "cover_cancellation_refused")


def test_a_policy_is_handed_over_by_two_yeses(customer, policy, as_, make_person):
    taker = make_person(email="rosa@example.com")
    make_wallet(taker.person_id)
    giver, taking = as_(customer), as_(taker)

    shown = send(giver, at(policy, "assignments"), {"email": "rosa@example.com"}).json
    early = taking.get(f"{BASE}/changes/{shown['id']}")
    offered = send(giver, at(policy, "assignments", preview=False), {"preview": shown["id"]})
    done = send(taking, f"/changes/{shown['id']}/acceptance")

    assert early.json["code"] == "cover_change_unknown"
    assert (offered.status_code, offered.json["status"]) == (200, "offered")
    assert done.json["status"] == "done"
    assert read(taking, policy)["insured"] == "Camille Martin"
    assert read(giver, policy)["insured"] is None


def test_an_offer_is_left_by_a_no(customer, policy, as_, make_person):
    taker = make_person(email="rosa@example.com")
    giver, taking = as_(customer), as_(taker)
    ref = send(giver, at(policy, "assignments"), {"email": "rosa@example.com"}).json["id"]
    send(giver, at(policy, "assignments", preview=False), {"preview": ref})

    declined = send(taking, f"/changes/{ref}/refusal")

    assert declined.json["status"] == "declined"
    late = send(taking, f"/changes/{ref}/acceptance")
    assert (late.status_code, late.json["code"]) == (409, "cover_change_settled")


def test_nobody_else_prices_or_does_anything(customer, policy, as_, make_person):
    shown = send(as_(customer), at(policy, "endorsements"), {"insured": "Rosa Lind"}).json
    other = as_(make_person())

    for kind in ("endorsements", "withdrawals", "assignments"):
        asked = send(other, at(policy, kind), {"email": "x@example.com"} if kind[0] == "a" else {})
        done = send(other, at(policy, kind, preview=False), {"preview": shown["id"]})
        assert (asked.status_code, done.status_code) == (404, 404)
    assert other.get(f"{BASE}/changes/{shown['id']}").status_code == 404
