"""A first factor cools off: whoever found out a password cannot empty the account in one night."""

from __future__ import annotations

import time
from datetime import timedelta

import pyotp
import pytest
from bank_objects import eur, make_wallet

from banking.authorisation.approvals import cooling, queries
from banking.authorisation.approvals import service as approvals
from banking.authorisation.approvals.errors import CoolingAct, CoolingLimit
from banking.authorisation.approvals.rules import Act
from banking.authorisation.freezing import queries as guards
from kernel import clock as house_clock
from kernel import jobs
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.mail import Mail
from kernel.money import Money
from kernel.outbox import claim_due
from kernel.people.mfa import queries as factors
from kernel.people.mfa import service as proving
from kernel.people.mfa.service import Given
from tests.asking import says

IBAN = "DE89370400440532013000"
PARTY = factors.party_for("http://localhost/")


@pytest.fixture
def camille(make_person, clock, monkeypatch):
    """Somebody with an account of a month and nothing but a password."""
    monkeypatch.setattr(approvals, "_executors", {})  # what follows a yes is told elsewhere
    clock("2026-10-25T12:00")
    approvals.load_reference_data(actor=SYSTEM)
    person = make_person(email="camille@example.com")
    make_wallet("5000", owner_id=person.person_id)
    clock("2026-11-20T12:00")
    return person


@pytest.fixture
def secret(camille):
    return set_up(camille)


def set_up(person):
    """Set an app up with the code of the step before this one; return its key."""
    if (left := 30 - time.time() % 30) < 3:  # a step that ends amid this would make it two before
        time.sleep(left)
    proving.begin_app(person_id=person.person_id, actor=person)
    key = factors.set_up_of(person.person_id, email="").secret
    proving.confirm_app(person_id=person.person_id, given=given(code(key, -1)), actor=person)
    return key


def code(key, steps=0):
    return pyotp.TOTP(key).at(int(time.time()) + 30 * steps)


def given(typed):
    return Given(code=typed, party=PARTY, place="192.0.2.1")


def ask(person, amount, *, act=Act.TRANSFER, account=IBAN, payee="Lena Vogt"):
    return approvals.ask(
        person_id=person.person_id,
        act=act,
        amount=Money.of(amount, "EUR"),
        payee=payee,
        account=account,
        subject="W-1",
        actor=person,
    )


def give(asked, person):
    return approvals.give(approval_id=asked.id, method="app", actor=person)


def later(**by):
    house_clock.freeze(house_clock.now() + timedelta(**by))


def test_a_first_factor_approves_little_for_a_day_and_then_what_limits_allow(camille, secret):
    give(ask(camille, "600"), camille)
    with pytest.raises(CoolingLimit) as refused:
        ask(camille, "400.01")
    assert refused.value.data["left"] == eur("400")
    give(ask(camille, "400"), camille)
    with pytest.raises(CoolingLimit):
        ask(camille, "30.01")
    later(hours=24)
    give(ask(camille, "4000"), camille)  # no more than its limits hold this back


def test_it_approves_nothing_that_would_outlast_that_day(camille, secret):
    for act in (Act.TRUST_PAYEE, Act.LIMITS, Act.UNFREEZE, Act.PAYOUT_ACCOUNT, Act.CLOSE):
        with pytest.raises(CoolingAct) as refused:
            ask(camille, "0", act=act)
        assert refused.value.data["until"] == house_clock.now() + timedelta(hours=24)
    later(hours=24)
    ask(camille, "0", act=Act.TRUST_PAYEE)


def test_what_was_asked_before_there_was_a_factor_is_refused_before_a_code_is_used_up(camille):
    asked, small = ask(camille, "900"), ask(camille, "200")
    secret = set_up(camille)
    give(asked, camille)
    with pytest.raises(CoolingLimit):
        approvals.approve(approval_id=small.id, given=given(code(secret)), actor=camille)
    with pytest.raises(CoolingLimit):
        give(small, camille)
    approvals.withdraw(approval_id=small.id, actor=camille)
    fits = ask(camille, "100")
    approvals.approve(approval_id=fits.id, given=given(code(secret)), actor=camille)


def test_what_needs_no_approval_goes_on(camille, secret):
    give(ask(camille, "1000"), camille)
    assert ask(camille, "20").exemption is not None


def test_a_second_factor_begins_no_other_day_and_ends_none(camille, secret):
    since = queries.cooling_of(camille.person_id).since
    later(hours=12)
    proving.remove_app(person_id=camille.person_id, actor=camille)
    set_up(camille)
    assert queries.cooling_of(camille.person_id).since == since + timedelta(hours=12)


def test_a_factor_beside_another_one_is_no_first(camille, secret):
    later(days=2)
    with reading():
        assert proving._first(camille.person_id) == {}
    assert queries.cooling_of(camille.person_id) is None


def test_an_account_of_a_few_hours_sets_its_factor_up_as_a_part_of_opening(make_person, clock):
    clock("2026-11-20T12:00")
    approvals.load_reference_data(actor=SYSTEM)
    person = make_person()
    later(hours=23)
    set_up(person)
    assert queries.cooling_of(person.person_id) is None
    assert queries.for_a_first(person.person_id) is None
    later(hours=1)
    assert queries.for_a_first(person.person_id).most == eur("1000")


def test_its_owner_hears_of_it_at_once_and_reads_why(camille, secret):
    while due := claim_due():
        for item in due:
            if item.handler.startswith("kernel."):
                jobs.deliver(str(item.event_id), item.handler)
    with reading() as current:
        letters = [mail.told_text for mail in current.query(Mail) if "first" in mail.subject]
    assert len(letters) == 1
    assert says(letters[0], "can approve only small amounts on its first day")
    assert says(letters[0], "If this wasn't you, freeze your wallets")


def test_pages_say_since_when_until_when_and_what_is_left(camille, secret, as_):
    hers = as_(camille)
    give(ask(camille, "600"), camille)
    asked = ask(camille, "300")
    with reading():
        found = guards.guard(camille, account=None).cooling
    assert (found.most, found.left) == (eur("1000"), eur("400"))
    assert found.until - found.since == timedelta(hours=24)
    for address in ("/en/bank/safety", "/en/account/security"):
        assert says(hers.get(address), "Your first passkey or app is new: you added it on")
    give(asked, camille)
    page = hers.get(f"/en/bank/approvals/{asked.id}")
    assert page.status_code == 200


def test_the_page_that_leads_to_a_first_factor_says_what_it_may_approve(camille, as_):
    hers, asked = as_(camille), ask(camille, "900")
    other = ask(camille, "200")
    page = f"/en/bank/approvals/{asked.id}"
    assert says(hers.get(page), "For its first %(count)s hours it can approve", count=24)
    set_up(camille)
    give(asked, camille)
    refused = hers.get(f"/en/bank/approvals/{other.id}")
    assert says(refused, "Your first passkey or app is new. Until %(until)s you can approve")
    assert 'name="code"' not in refused.text


def test_a_reset_brings_its_own_days_and_the_factor_after_it_cools_off_too(camille, secret):
    later(days=2)
    proving.remove_everything(person_id=camille.person_id, actor=SYSTEM)
    set_up(camille)
    assert queries.cooling_of(camille.person_id) is not None


def test_terms_are_dated_and_have_a_source():
    terms = cooling.terms_in_force()
    assert (terms.hours, terms.most) == (24, eur("1000"))
    assert "house rules" in terms.source
