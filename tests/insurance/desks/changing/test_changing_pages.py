"""Pages of changes: a form, its price, a yes; and what others see of them."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from banking.authorisation.approvals import service as approvals
from insurance import api as cover
from insurance.contracts.certificates.queries import Verdict, seal_of, verdict
from insurance.contracts.policies import queries as policies
from kernel import clock as house_clock
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.asking import says
from tests.insurance.conftest import available, buy, drain, make_wallet, scan


def words_of(response):
    return " ".join(BeautifulSoup(response.data, "html.parser").find("main").get_text(" ").split())


def post(browser, address, **fields):
    return browser.post(address, data={"csrf_token": "test-token"} | fields)


@pytest.fixture
def holder(make_person, clock):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    return make_person(email="ada@example.com")


def held(holder, **terms):
    return buy(owner_id=holder.person_id, wallet=make_wallet(holder.person_id), **terms)


def now(policy):
    with reading():
        return policies.policy(policy_id=policy.id)


def terms(**changes):
    return {"value_1": "120.00", "destination": "DE", "insured_as": "person"} | changes


def test_a_holder_sees_what_a_change_costs_and_gets_exactly_that(holder, as_):
    policy = held(holder)
    browser, page = as_(holder), f"/en/cover/policies/{policy.number}"

    assert f"{page}/change" in browser.get(page).text
    asked = post(browser, f"{page}/change", **terms(value_1="140.00", insured_name="Rosa Lind"))
    shown = browser.get(asked.location)
    before = now(policy)
    done = post(browser, asked.location)

    after = now(policy)
    assert asked.status_code == done.status_code == 303
    assert "Rosa Lind" in words_of(shown)
    assert before.revision == 1
    assert after.sum_insured == Money.of("148.00", "EUR")
    assert str(after.total - policy.total).split()[0] in words_of(shown)
    assert says(browser.get(page), "Cover changed. Your new certificate is ready.")
    assert "Rosa Lind" not in words_of(browser.get(f"/en/cover/certificates/{policy.number}"))


def test_the_certificate_of_before_says_that_it_is_superseded(holder, as_, client):
    policy = held(holder)
    before = seal_of(policy).seal.payload
    browser, page = as_(holder), f"/en/cover/policies/{policy.number}"

    asked = post(browser, f"{page}/change", **terms(value_1="140.00"))
    post(browser, asked.location)

    assert verdict(now(policy), before) is Verdict.SUPERSEDED
    assert verdict(now(policy), seal_of(now(policy)).seal.payload) is Verdict.GENUINE
    public = client.get(f"/en/cover/certificates/{policy.number}?seal={before}")
    superseded = "The seal is genuine, but the paper is superseded by revision %(revision)s."
    assert says(public, superseded, revision=2)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (terms(), "cover_change_is_none"),
        (terms(value_1="149.00"), "cover_change_over_value"),
        (terms(value_1="0"), "invalid"),
        (terms(destination="XX"), "invalid"),
    ],
)
def test_what_cannot_be_changed_comes_back_with_its_reason(holder, as_, sent, code):
    policy = held(holder)

    answer = post(as_(holder), f"/en/cover/policies/{policy.number}/change", **sent)

    assert answer.status_code in {409, 422}
    found = BeautifulSoup(answer.data, "html.parser").select_one("#wrong")
    assert found["data-code"] == code
    assert now(policy).revision == 1


def test_withdrawing_takes_two_steps_and_gives_back_what_was_shown(holder, as_):
    policy = held(holder)
    browser, page = as_(holder), f"/en/cover/policies/{policy.number}"

    first = post(browser, f"{page}/withdraw")
    shown = browser.get(first.location)
    assert available(policy.wallet_id) == Money.of("1000.00", "EUR") - policy.total
    done = post(browser, first.location)
    drain()

    assert (first.status_code, done.status_code) == (303, 303)
    assert str(policy.total.amount) in words_of(shown)
    assert available(policy.wallet_id) == Money.of("1000.00", "EUR")


def test_a_withdrawal_is_acknowledged_by_a_letter_with_what_came_back(holder, as_):
    policy = held(holder)
    browser = as_(holder)
    drain()
    before = len(mail.mailbox(recipient=holder.email))

    post(browser, post(browser, f"/en/cover/policies/{policy.number}/withdraw").location)
    drain()

    letters = mail.mailbox(recipient=holder.email)
    assert len(letters) == before + 1
    (told,) = [one for one in letters if says(one.subject, "Your cover %(number)s was cancelled")]
    assert policy.number in told.subject
    assert says(told.text, "You got back")
    assert str(policy.total.amount) in told.text


def test_the_statutory_control_stands_for_fourteen_days_and_cancelling_follows(holder, as_, clock):
    policy = held(holder, planned_days=40)
    scan(policy, timedelta(hours=1))
    browser, page = as_(holder), f"/en/cover/policies/{policy.number}"
    for day in range(1, 16):
        clock(f"2026-06-{day:02d}T11:00" if day < 15 else "2026-06-15T08:59")
        assert says(browser.get(page), "Withdraw from contract here"), day

    clock("2026-06-15T09:01")

    assert not says(browser.get(page), "Withdraw from contract here")
    assert says(browser.get(page), "You can still cancel, and part of the premium comes back.")


@pytest.mark.parametrize("why", ["delivery", "claim"])
def test_after_delivery_or_a_claim_withdrawing_is_refused_with_the_rule(holder, as_, why):
    policy = held(holder)
    scan(policy, timedelta())
    told_of = {"parcel_ref": policy.parcel_ref, "at": house_clock.now(), "actor": SYSTEM}
    if why == "delivery":
        cover.parcel_delivered(**told_of)
    else:
        cover.parcel_lost(**told_of, evidence={"event": "lost"})

    answer = post(as_(holder), f"/en/cover/policies/{policy.number}/withdraw")

    assert answer.status_code == 409
    assert says(
        answer,
        "The parcel has arrived or cover has ended, so there's nothing left to refund."
        if why == "delivery"
        else "A claim has been opened under this cover, so you can't cancel it.",
    )
    assert now(policy).total == policy.total


def test_an_offer_stands_on_its_takers_page_and_is_taken_there(holder, as_, make_person):
    taker = make_person(email="ben@example.com")
    make_wallet(taker.person_id)
    policy = held(holder)
    giving, taking = as_(holder), as_(taker)

    asked = post(giving, f"/en/cover/policies/{policy.number}/hand-over", email="ben@example.com")
    post(giving, asked.location)
    drain()
    listed = taking.get("/en/cover/")
    done = post(taking, f"{asked.location}/accept")

    assert asked.location.removeprefix("/en") in listed.text
    assert done.status_code == 303
    assert taking.get(f"/en/cover/policies/{policy.number}").status_code == 200
    assert says(
        giving.get(f"/en/cover/policies/{policy.number}"),
        "You handed this cover over, so its new holder changes it and claims under it.",
    )
    assert giving.get(f"/en/cover/policies/{policy.number}/change").status_code == 404


def test_changes_of_others_do_not_exist(holder, as_, make_person):
    policy = held(holder)
    asked = post(as_(holder), f"/en/cover/policies/{policy.number}/change", **terms(value_1="130"))
    stranger = as_(make_person())

    for address in (f"/en/cover/policies/{policy.number}/change", asked.location):
        assert stranger.get(address).status_code == 404
    for address in (f"/en/cover/policies/{policy.number}/withdraw", asked.location):
        assert post(stranger, address).status_code == 404


@pytest.mark.parametrize("lang", ["en", "zh-cn", "ar"])
def test_every_page_of_a_change_opens_in_every_language(holder, as_, lang):
    policy = held(holder)
    browser, page = as_(holder), f"/{lang}/cover/policies/{policy.number}"
    sent = {
        "change": terms(value_1="140", delay="on", destination="FR"),
        "hand-over": {"email": "ben@example.com"},
        "withdraw": {},
    }

    for address, fields in sent.items():
        asked = post(browser, f"{page}/{address}", **fields)
        assert asked.status_code == 303, asked.text
        assert browser.get(asked.location).status_code == 200
    for address in ("change", "withdraw"):
        assert browser.get(f"{page}/{address}").status_code == 200
