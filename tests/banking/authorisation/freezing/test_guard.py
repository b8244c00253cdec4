"""Freezing in one press, thawing and trusting by approval, and pages that ask for it."""

from __future__ import annotations

import time
from datetime import timedelta
from html import unescape

import pyotp
import pytest
from bank_objects import available, eur, make_customer, make_wallet, outcomes, transfer

from banking import api as bank
from banking.accounts.wallets import service as wallets
from banking.authorisation.approvals import queries as approval_queries
from banking.authorisation.approvals import rules
from banking.authorisation.approvals import service as approvals
from banking.authorisation.approvals.errors import (
    AlreadyTrusted,
    ReducedAct,
    ReducedLimit,
    TrustUnknown,
)
from banking.authorisation.approvals.rules import Act, Exemption
from banking.authorisation.freezing import queries, service
from banking.authorisation.freezing.errors import NothingFrozen
from banking.core.ledger.errors import AccountFrozen
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Actor
from kernel.db import counting_queries, reading
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.identity import safety_log
from kernel.people.identity import service as people
from kernel.people.mfa import queries as factors
from kernel.people.mfa import service as proving
from kernel.people.mfa.errors import TooManyCodes, WrongCode
from kernel.people.mfa.service import Given
from kernel.people.safety import service as safety
from kernel.people.safety.rules import Kind
from tests.asking import says
from tests.banking.merchants.payouts.conftest import with_company

IBAN = "DE89370400440532013000"
PARTY = factors.party_for("http://localhost/")


@pytest.fixture
def camille(make_person):
    approvals.load_reference_data(actor=SYSTEM)
    return make_person()


@pytest.fixture
def secret(camille):
    """The key of an app that was set up with the code of the step before this one."""
    proving.begin_app(person_id=camille.person_id, actor=camille)
    key = factors.set_up_of(camille.person_id, email="").secret
    proving.confirm_app(person_id=camille.person_id, given=given(code(key, -1)), actor=camille)
    return key


@pytest.fixture
def wallet(camille):
    return make_wallet("500", owner_id=camille.person_id)


def code(key, steps=0):
    return pyotp.TOTP(key).at(int(time.time()) + 30 * steps)


def given(typed):
    return Given(code=typed, party=PARTY, place="192.0.2.1")


def approve(asked, camille, typed):
    return approvals.approve(approval_id=asked.id, given=given(typed), actor=camille)


def post(browser, address, **fields):
    return browser.post(address, data={"csrf_token": "test-token"} | fields)


def test_frozen_wallets_let_nothing_out_and_still_take_what_was_earned(camille, secret, wallet):
    buyer, other = make_wallet("100"), make_wallet()
    bank.fund_escrow(
        key=new_id(),
        payer_wallet_id=buyer.id,
        subject="G-1",
        actor=SYSTEM,
        dues=[],
        shares=[
            bank.EscrowShare(order_ref="V-1", amount=eur("40"), beneficiary_id=camille.person_id)
        ],
    )
    service.freeze(owner_id=camille.person_id, freeze=bank.Freeze.DEBIT, actor=camille)

    with pytest.raises(AccountFrozen):
        transfer(wallet, other, eur("1"))
    with pytest.raises(AccountFrozen):
        bank.fund_escrow(
            key=new_id(),
            payer_wallet_id=wallet.id,
            subject="G-2",
            actor=SYSTEM,
            dues=[],
            shares=[bank.EscrowShare(order_ref="V-2", amount=eur("1"), beneficiary_id=new_id())],
        )
    with pytest.raises(AccountFrozen):
        wallets.hold(
            key=new_id(),
            wallet_id=wallet.id,
            amount=eur("1"),
            reason="card",
            subject="C-1",
            expires_at=house_clock.now() + timedelta(days=1),
            actor=SYSTEM,
        )
    payouts = [bank.EscrowPayout(amount=eur("40"), purpose=bank.Purpose.GOODS)]
    bank.release_escrow(key=new_id(), order_ref="V-1", payouts=payouts, actor=SYSTEM)
    assert available(wallet) == eur("540")


def test_thawing_takes_a_factor(camille, secret, wallet):
    service.freeze(owner_id=camille.person_id, freeze=bank.Freeze.ALL, actor=camille)
    asked = service.ask_to_thaw(owner_id=camille.person_id, actor=camille)

    with pytest.raises(WrongCode):
        approve(asked, camille, "000000")
    with pytest.raises(AccountFrozen):
        transfer(wallet, make_wallet(), eur("1"))
    approve(asked, camille, code(secret))

    transfer(wallet, make_wallet(), eur("1"))
    with pytest.raises(NothingFrozen):
        service.ask_to_thaw(owner_id=camille.person_id, actor=camille)


def test_a_freeze_adds_to_another(camille, wallet):
    for part in (bank.Freeze.DEBIT, bank.Freeze.CREDIT):
        service.freeze(owner_id=camille.person_id, freeze=part, actor=camille)
    with reading():
        assert queries.guard(camille, account=None).freeze == bank.Freeze.ALL


def test_a_wallet_that_is_opened_while_all_are_frozen_is_frozen_too(camille, secret, wallet):
    service.freeze(owner_id=camille.person_id, freeze=bank.Freeze.DEBIT, actor=camille)

    dollars = make_wallet("20", currency="USD", owner_id=camille.person_id)

    with pytest.raises(AccountFrozen):
        transfer(dollars, make_wallet(currency="USD"), Money.of("1", "USD"))
    with reading():
        assert queries.guard(camille, account=None).freeze is bank.Freeze.DEBIT
    asked = service.ask_to_thaw(owner_id=camille.person_id, actor=camille)
    approve(asked, camille, code(secret))
    transfer(dollars, make_wallet(currency="USD"), Money.of("1", "USD"))


def test_two_freezes_at_once_add_up_and_no_freeze_opens_what_was_closed(own_database):
    """Two people of a company, each with a hand on the button; a third one closes a wallet."""
    for _ in range(12):
        owner = make_customer()
        first, second = (make_wallet(currency=c, owner_id=owner) for c in ("EUR", "USD"))
        acts = [
            lambda o=owner: freeze(o, bank.Freeze.DEBIT),
            lambda o=owner: freeze(o, bank.Freeze.CREDIT),
            lambda w=second: wallets.close(wallet_id=w.id, actor=SYSTEM),
        ]

        outcomes(3, lambda n, acts=acts: acts[n]())

        with reading():
            after = [bank.wallet(wallet_id=one.id).freeze for one in (first, second)]
        assert after == [bank.Freeze.ALL, bank.Freeze.ALL | bank.Freeze.CLOSED]


def freeze(owner, what):
    service.freeze(owner_id=owner, freeze=what, actor=Actor(person_id=new_id(), label="person:one"))


def test_a_payee_is_trusted_by_approval_alone_and_then_paid_unasked(camille, secret):
    asked = service.ask_to_trust(
        owner_id=camille.person_id, name="Lena Vogt", account=IBAN, actor=camille
    )
    assert not asked.is_given
    assert pay(camille).exemption is None
    approve(asked, camille, code(secret))

    assert pay(camille).exemption is Exemption.TRUSTED_PAYEE
    with pytest.raises(AlreadyTrusted):
        service.ask_to_trust(owner_id=camille.person_id, name="L", account=IBAN, actor=camille)
    with reading():
        (payee,) = queries.guard(camille, account=None).payees
    service.end_trust(owner_id=camille.person_id, payee_id=payee.id, actor=camille)
    assert pay(camille).exemption is None
    with pytest.raises(TrustUnknown):
        service.end_trust(owner_id=camille.person_id, payee_id=payee.id, actor=camille)


def pay(camille, amount="250"):
    return approvals.ask(
        person_id=camille.person_id,
        act=Act.TRANSFER,
        amount=eur(amount),
        payee="Lena Vogt",
        account=IBAN,
        subject="W-1",
        actor=camille,
    )


def test_five_wrong_codes_on_the_approve_page_are_enough(camille, secret):
    asked = pay(camille)
    for _ in range(5):
        with pytest.raises(WrongCode):
            approve(asked, camille, "000000")

    with pytest.raises(TooManyCodes):
        approve(asked, camille, code(secret))


def test_a_recovery_code_approves_no_payment(camille, secret):
    codes = proving.make_codes(person_id=camille.person_id, actor=camille)

    with pytest.raises(WrongCode):
        approve(pay(camille), camille, codes[0])


def test_after_a_reset_everything_is_asked_and_only_little_may_be_sent(camille):
    until = house_clock.now() + timedelta(days=7)
    safety.reduce_spending(person_id=camille.person_id, until=until, actor=SYSTEM)

    assert pay(camille, "1").exemption is None
    pay(camille, "400")
    with pytest.raises(ReducedLimit) as refused:
        pay(camille, "100")
    assert refused.value.data["left"] == eur("99")


def test_after_a_reset_nothing_is_approved_that_would_outlast_the_days_of_little(camille, wallet):
    until = house_clock.now() + timedelta(days=7)
    safety.reduce_spending(person_id=camille.person_id, until=until, actor=SYSTEM)
    service.freeze(owner_id=camille.person_id, freeze=bank.Freeze.DEBIT, actor=camille)

    for act in (
        lambda: service.ask_to_trust(
            owner_id=camille.person_id, name="Lena Vogt", account=IBAN, actor=camille
        ),
        lambda: service.ask_to_thaw(owner_id=camille.person_id, actor=camille),
    ):
        with pytest.raises(ReducedAct) as refused:
            act()
        assert refused.value.data["until"] == until.date()

    house_clock.freeze(until)
    assert service.ask_to_thaw(owner_id=camille.person_id, actor=camille)


def test_everybody_of_a_company_hears_what_one_of_them_locks(make_person):
    doer = with_company(make_person(email="owner@qinglan.example.com"))
    company = next(iter(doer.organisation_ids))
    colleague = make_person(email="desk@qinglan.example.com")
    people.add_member(organisation_id=company, person_id=colleague.person_id, actor=SYSTEM)
    make_wallet("5", owner_id=company)

    service.freeze(owner_id=company, freeze=bank.Freeze.DEBIT, actor=doer)

    for one in (doer, colleague):
        (line, *_) = safety_log.log_of(one).lines
        assert line.kind == "wallets_frozen"


@pytest.mark.parametrize("kind", sorted(rules.TOUCHES))
def test_whatever_may_have_changed_hands_ends_low_risk_for_a_while(camille, kind):
    def is_quiet():
        with reading():
            found = approval_queries.risk_of(
                person_id=camille.person_id, terms=approval_queries.terms_in_force().risk
            )
        return found.is_quiet

    assert is_quiet()
    safety.record(person_id=camille.person_id, kind=Kind(kind), actor=SYSTEM)
    assert not is_quiet()
    house_clock.freeze(house_clock.now() + timedelta(days=4))
    assert is_quiet()


def test_the_approve_page_says_what_and_to_whom_and_leads_to_a_factor_first(as_, camille):
    browser = as_(camille)
    asked = pay(camille)

    page = browser.get(f"/en/bank/approvals/{asked.id}").text

    assert "250.00" in page
    assert "Lena Vogt" in page
    assert "DE89 3704 0044 0532 0130 00" in page
    assert f"/en/account/security/passkeys/new?next=/en/bank/approvals/{asked.id}" in page


def test_freeze_and_thaw_on_pages_without_a_script(as_, camille, secret, wallet):
    browser = as_(camille)
    with counting_queries() as spent:
        assert says(browser.get("/en/bank/safety"), "Your wallets are active")
    assert len(spent) <= 15, "\n".join(spent.statements)
    post(browser, "/en/bank/safety/freeze", what="debit")
    assert says(browser.get("/en/bank/safety"), "no money out")
    assert says(browser.get("/en/bank/"), "Your wallets are frozen.")
    assert says(
        browser.get("/en/bank/"), "Your wallets are frozen."
    )  # news is told once, this stays

    asked = post(browser, "/en/bank/safety/thaw").location
    wrong = post(browser, asked, code="123")
    done = post(browser, asked, code=code(secret))

    assert wrong.status_code == 422
    assert done.location == f"/en/bank/safety/back/{camille.person_id}"
    assert browser.get(done.location).location == "/en/bank/safety"
    assert says(browser.get("/en/bank/safety"), "Your wallets are active")
    assert "Approved" in browser.get(asked).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("DE00 1234", "One character is wrong, so please check it."),
        ("US 021000022 123456789", "the check digit of ABA doesn't match"),
        ("@lena", "Enter an account number, not a handle."),
    ],
)
def test_what_is_trusted_is_an_account_with_all_its_signs(as_, camille, typed, said):
    answer = post(as_(camille), "/en/bank/safety/payees", name="Lena", account=typed)

    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert f'value="{typed}"' in answer.text


def test_an_account_without_iban_can_be_trusted(as_, camille):
    answer = post(
        as_(camille), "/en/bank/safety/payees", name="Lena", account="us 021000021 123456789"
    )

    assert "US 021000021 123456789" in as_(camille).get(answer.location).text


def test_an_approval_belongs_to_who_was_asked(as_, camille, make_person):
    asked = pay(camille)

    assert as_(make_person()).get(f"/en/bank/approvals/{asked.id}").status_code == 404


def test_saying_no_ends_it(as_, camille):
    asked = pay(camille)
    browser = as_(camille)
    post(browser, f"/en/bank/approvals/{asked.id}/withdraw")

    assert says(browser.get(f"/en/bank/approvals/{asked.id}"), "Not approved. Nothing was")
