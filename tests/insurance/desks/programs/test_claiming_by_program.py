"""A program reports a loss with photographs, answers, appeals, and reads why it is decided."""

from datetime import timedelta

import pytest

from insurance import api as cover
from insurance.losses.claims import asking, deciding, queries
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Role
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import buy, drain, fund, make_wallet, scan
from tests.insurance.desks.programs.asking_cover import BASE, send
from tests.snaps import form, heic, photo

WORDS = {"words": "The box was dented."}


def parcel_of(customer):
    """The cover of a parcel that came a day ago."""
    policy = buy(owner_id=customer.person_id, wallet=make_wallet(customer.person_id))
    scan(policy)
    house_clock.freeze(policy.bound_at + timedelta(days=8))
    return cover.parcel_delivered(
        parcel_ref=policy.parcel_ref, at=policy.bound_at + timedelta(days=7), actor=SYSTEM
    )


@pytest.fixture
def policy(customer):
    fund()
    return parcel_of(customer)


@pytest.fixture
def officers(make_person):
    return [make_person(roles=frozenset({Role.UNDERWRITER})) for _ in range(2)]


def notice(held, /, **otherwise):
    return {
        "policy": held.number,
        "cause": "damage",
        "loss": {"amount": 6000, "currency": "EUR"},
        "description": "The lid broke.",
    } | otherwise


def reported(program, policy):
    answer = send(program, "/claims", notice(policy))
    assert answer.status_code == 201, answer.json
    drain()
    return answer.json["id"]


def photographed(program, path, *files):
    headers = {"X-CSRF-Token": "test-token"}
    return program.post(f"{BASE}{path}", headers=headers, **form(*files))


def id_of(ref):
    with reading():
        (found,) = [
            seen for seen in queries.in_states(list(queries.ClaimState), 50) if seen.ref == ref
        ]
        return found.id


def refused(ref, officers):
    first, second = officers
    claim_id = id_of(ref)
    deciding.recommend(
        claim_id=claim_id,
        is_approval=False,
        amount=Money.zero("EUR"),
        reason="The lid was cracked before.",
        actor=first,
    )
    deciding.confirm(claim_id=claim_id, actor=second)


def test_photographs_wait_under_the_policy_and_go_with_the_notice(customer, policy, as_):
    program = as_(customer)

    kept = photographed(
        program,
        f"/policies/{policy.number}/evidence",
        (photo(10), "lid.jpg"),
        (heic(), "box.heic"),
    )
    answer = send(program, "/claims", notice(policy))

    claim = program.get(f"{BASE}/claims/{answer.json['id']}").json
    assert (kept.status_code, len(kept.json["data"])) == (201, 2)
    assert not any(one["is_sent"] for one in kept.json["data"])
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"{BASE}/claims/{claim['id']}")
    assert [one["is_sent"] for one in claim["evidence"]] == [True, True]
    assert (claim["policy"], claim["cause"]) == (policy.number, "damage")
    assert claim["claimed"] == {"amount": 6000, "currency": "EUR"}
    assert claim["sums"][-1] == {"what": "payable", "amount": claim["payable"]}


def test_a_file_that_is_no_photograph_is_refused_by_its_name(customer, policy, as_):
    path = f"/policies/{policy.number}/evidence"

    answer = photographed(as_(customer), path, (photo(10), "lid.jpg"), (b"%PDF", "letter.pdf"))

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert "letter.pdf" in answer.json["errors"]["photos"]
    again = photographed(as_(customer), path, (photo(20), "box.jpg"))
    assert len(again.json["data"]) == 2, "what was taken stays"


def test_one_key_reports_a_loss_once_and_another_key_finds_it(customer, policy, as_):
    program = as_(customer)

    first = send(program, "/claims", notice(policy), key="k-1")
    again = send(program, "/claims", notice(policy), key="k-1")
    changed = send(program, "/claims", notice(policy, description="Both broke."), key="k-1")
    other = send(program, "/claims", notice(policy), key="k-2")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json["id"] == first.json["id"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (changed.status_code, changed.json["code"]) == (409, "cover_key_reused")
    assert (other.status_code, other.json["code"]) == (409, "claim_exists")
    assert len(program.get(f"{BASE}/claims").json["data"]) == 1


@pytest.mark.parametrize(
    ("otherwise", "status", "told"),
    [
        ({"loss": {"amount": 99_900, "currency": "EUR"}}, 422, "claim_amount_over_sum_insured"),
        ({"cause": "theft"}, 409, "cause_not_covered"),
        ({"cause": "lost"}, 422, "invalid"),
        ({"policy": "C-NOBODYS"}, 404, "policy_unknown"),
    ],
)
def test_what_is_not_paid_for_is_refused_by_its_code(
    customer, policy, as_, otherwise, status, told
):
    answer = send(as_(customer), "/claims", notice(policy, **otherwise))

    assert (answer.status_code, answer.json["code"]) == (status, told)


def test_a_question_is_answered_with_a_photograph(customer, policy, as_, officers):
    program = as_(customer)
    ref = reported(program, policy)
    unasked = send(program, f"/claims/{ref}/messages", WORDS)
    early = photographed(program, f"/claims/{ref}/evidence", (photo(10), "label.jpg"))
    asking.ask(claim_id=id_of(ref), words="Please show the label.", actor=officers[0])
    question = program.get(f"{BASE}/claims/{ref}").json

    kept = photographed(program, f"/claims/{ref}/evidence", (photo(10), "label.jpg"))
    said = send(program, f"/claims/{ref}/messages", WORDS, key="k-1")
    again = send(program, f"/claims/{ref}/messages", WORDS, key="k-1")

    for refusal in (unasked, early):
        assert (refusal.status_code, refusal.json["code"]) == (409, "claim_answer_closed")
    assert question["answer_by"]
    assert [(one["from"], one["text"]) for one in question["messages"]] == [
        ("insurer", "Please show the label.")
    ]
    assert kept.status_code == 201
    assert said.json["messages"][-1]["text"] == WORDS["words"]
    assert (said.json["status"], len(said.json["evidence"])) == ("in_review", 1)
    assert again.json == said.json
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_refusal_says_why_and_is_appealed_once(customer, policy, as_, officers):
    program = as_(customer)
    ref = reported(program, policy)
    refused(ref, officers)
    before = program.get(f"{BASE}/claims/{ref}").json

    appealed = send(program, f"/claims/{ref}/appeals", WORDS, key="k-1")
    again = send(program, f"/claims/{ref}/appeals", WORDS, key="k-1")
    second = send(program, f"/claims/{ref}/appeals", WORDS, key="k-2")

    assert (before["status"], before["refusal"]) == ("refused", "The lid was cracked before.")
    assert before["appeal_until"]
    assert appealed.json["is_appealed"]
    assert again.json["id"] == ref
    assert (second.status_code, second.json["code"]) == (409, "claim_appeal_closed")


def test_nobody_else_reads_or_says_anything(customer, policy, as_, make_person, client):
    ref = reported(as_(customer), policy)
    other = as_(make_person())

    assert other.get(f"{BASE}/claims/{ref}").json["code"] == "claim_unknown"
    for path in ("messages", "appeals"):
        answer = send(other, f"/claims/{ref}/{path}", WORDS)
        assert (answer.status_code, answer.json["code"]) == (404, "claim_unknown")
    taken = photographed(other, f"/policies/{policy.number}/evidence", (photo(10), "lid.jpg"))
    assert taken.status_code == 404
    assert send(other, "/claims", notice(policy)).status_code == 404
    assert client.get(f"{BASE}/claims").json["code"] == "not_signed_in"
    assert other.get(f"{BASE}/claims").json["data"] == []
