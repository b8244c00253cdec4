"""Approvals: when nobody is asked, what a yes is bound to, and that it counts once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from bank_objects import eur, make_wallet, outcomes
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from banking.authorisation.approvals import queries, rules, service
from banking.authorisation.approvals.errors import (
    ApprovalDiffers,
    ApprovalExpired,
    ApprovalMissing,
    ApprovalUnknown,
    ApprovalUsed,
    ApprovalWithdrawn,
)
from banking.authorisation.approvals.rules import (
    Act,
    Circumstances,
    Exemption,
    Risk,
    RiskTerms,
    State,
    Terms,
)
from banking.authorisation.approvals.service import Known
from banking.cards.card_topups import service as payments
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.safety import service as safety
from kernel.people.safety.rules import Kind

PAYEE, ACCOUNT = "Lena Vogt", "DE89 3704 0044 0532 0130 00"
RISK = RiskTerms(
    bands=((50, eur("500")), (100, eur("250")), (150, eur("100"))),
    fraud_ppm=50,
    day_sum=eur("1000"),
    day_number=3,
    quiet_hours=72,
)
LAW = Terms(
    each=eur("30"),
    earlier_sum=eur("100"),
    earlier_number=5,
    approval_seconds=600,
    reduced_a_day=eur("500"),
    risk=RISK,
)


@pytest.fixture(autouse=True)
def _terms(request, clock, monkeypatch):
    clock("2026-11-25T09:00")
    monkeypatch.setattr(service, "_executors", {})  # what follows a yes is told by other rooms
    if "own_database" not in request.fixturenames:
        request.getfixturevalue("db")
        service.load_reference_data(actor=SYSTEM)


@pytest.fixture
def customer():
    person = new_id()
    return Actor(person_id=person, label=f"person:{person}")


def ask(customer, amount=None, **changes):
    what = {"act": Act.TRANSFER, "payee": PAYEE, "account": ACCOUNT, "subject": "W-1"} | changes
    what["amount"] = eur("250") if amount is None else amount
    return service.ask(person_id=customer.person_id, actor=customer, **what)


def give(asked, customer):
    return service.give(approval_id=asked.id, method="totp", actor=customer)


def redeem(asked, customer, **changes):
    what = {"act": Act.TRANSFER, "amount": eur("250"), "payee": PAYEE, "account": ACCOUNT} | changes
    return service.redeem(approval_id=asked.id, actor=customer, **what)


def test_four_payments_of_thirty_pass_and_the_fifth_is_asked_about(customer):
    reasons = [ask(customer, eur("30")).exemption for _ in range(5)]

    assert reasons == [Exemption.LOW_VALUE] * 4 + [None]


def test_the_sixth_small_payment_is_asked_about(customer):
    reasons = [ask(customer, eur("1")).exemption for _ in range(6)]

    assert reasons == [Exemption.LOW_VALUE] * 5 + [None]


def test_the_law_never_lets_a_seventh_small_payment_through():
    earlier = [rules.exemption(small(number), LAW) for number in range(7)]

    assert earlier == [Exemption.LOW_VALUE] * 6 + [None]


def small(number):
    return Circumstances(
        act=Act.TRANSFER,
        in_euro=eur("1"),
        is_own_account=False,
        is_trusted=False,
        is_recurring=False,
        is_reduced=False,
        earlier_sum=eur(number),
        earlier_number=number,
    )


def test_a_cent_more_than_thirty_is_always_asked_about(customer):
    assert ask(customer, eur("30.01")).state is State.ASKED


def test_an_approval_lets_small_payments_through_again(customer):
    for _ in range(4):
        ask(customer, eur("30"))
    asked = ask(customer, eur("30"))
    give(asked, customer)

    assert ask(customer, eur("30")).exemption is Exemption.LOW_VALUE


def test_an_ordinary_purchase_is_not_asked_about_a_transfer_of_the_same_amount_is(customer):
    assert ask(customer, act=Act.PURCHASE).exemption is Exemption.LOW_RISK
    assert ask(customer, act=Act.TRANSFER).exemption is None
    assert ask(customer, act=Act.CARD_REFUND).exemption is None


def test_purchases_are_asked_about_once_a_days_worth_is_bought(customer):
    reasons = [ask(customer, eur("400"), act=Act.PURCHASE).exemption for _ in range(3)]

    assert reasons == [Exemption.LOW_RISK, Exemption.LOW_RISK, None]
    house_clock.freeze(house_clock.now() + timedelta(hours=24))
    assert ask(customer, eur("400"), act=Act.PURCHASE).exemption is Exemption.LOW_RISK


def test_purchases_are_asked_about_while_the_way_into_the_account_is_new(customer, make_person):
    person = make_person()
    safety.record(person_id=person.person_id, kind=Kind.PASSWORD_CHANGED, actor=person)

    assert ask(person, act=Act.PURCHASE).exemption is None
    house_clock.freeze(house_clock.now() + timedelta(hours=73))
    assert ask(person, act=Act.PURCHASE).exemption is Exemption.LOW_RISK


@pytest.mark.parametrize(
    ("fraud_ppm", "most"), [(0, "500"), (50, "500"), (51, "250"), (101, "100"), (151, "0")]
)
def test_the_more_fraud_was_measured_the_less_is_bought_unasked(fraud_ppm, most):
    assert replace(RISK, fraud_ppm=fraud_ppm).each == eur(most)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, Exemption.LOW_RISK),
        ({"in_euro": eur("500.01")}, None),
        ({"in_euro": None}, None),
        ({"risk": None}, None),
        ({"is_reduced": True}, None),
        ({"risk": Risk(day_sum=eur("500.01"), day_number=0, is_quiet=True)}, None),
        ({"risk": Risk(day_sum=eur("0"), day_number=3, is_quiet=True)}, None),
        ({"risk": Risk(day_sum=eur("0"), day_number=0, is_quiet=False)}, None),
    ],
)
def test_low_risk_needs_every_one_of_its_signs(change, reason):
    risk = Risk(day_sum=eur("500"), day_number=2, is_quiet=True)
    bought = replace(small(9), act=Act.PURCHASE, in_euro=eur("500"), risk=risk)

    assert rules.exemption(replace(bought, **change), LAW) is reason


def test_a_purchase_is_not_asked_about_when_every_payee_is_trusted(customer):
    shops = [make_wallet(), make_wallet()]
    known = Known(payees=[shop.owner_id for shop in shops])
    for shop in shops:
        assert ask(customer, eur("900"), act=Act.PURCHASE, known=known).exemption is None
        given = give(ask(customer, eur("0"), act=Act.TRUST_PAYEE, account=shop.iban), customer)
        service.trust(approval=given, actor=customer)

    assert ask(customer, eur("900"), act=Act.PURCHASE, known=known).exemption is (
        Exemption.TRUSTED_PAYEE
    )


def test_what_is_over_sooner_can_be_approved_no_longer(customer):
    soon = house_clock.now() + timedelta(minutes=3)

    assert ask(customer, known=Known(until=soon)).expires_at == soon
    assert ask(customer, known=Known(until=house_clock.now())).expires_at > house_clock.now()
    assert ask(customer, known=Known(until=soon + timedelta(days=1))).expires_at == (
        house_clock.now() + timedelta(minutes=10)
    )


def test_other_currencies_count_at_the_rate_of_the_day(customer):
    payments.load_reference_data(actor=SYSTEM)

    assert ask(customer, Money.of("1000", "JPY")).exemption is Exemption.LOW_VALUE
    assert ask(customer, Money.of("100000", "JPY")).exemption is None


def test_without_a_rate_the_customer_is_asked(customer):
    assert ask(customer, Money.of("1", "ARS")).exemption is None


def test_money_to_an_own_account_is_not_asked_about(customer):
    mine = make_wallet(owner_id=customer.person_id)
    others = make_wallet()

    assert ask(customer, eur("9000"), account=mine.iban).exemption is Exemption.OWN_ACCOUNT
    assert ask(customer, eur("9000"), account=others.iban).exemption is None


def test_a_companys_money_to_a_private_account_is_asked_about(customer):
    mine = make_wallet(owner_id=customer.person_id)

    assert ask(customer, account=mine.iban, payer_id=new_id()).exemption is None


def test_runs_of_an_approved_standing_order_are_not_asked_about(customer):
    order = ask(customer, act=Act.STANDING_ORDER)
    assert ask(customer, known=Known(series=order.id)).exemption is None
    give(order, customer)
    redeem(order, customer, act=Act.STANDING_ORDER)

    assert ask(customer, known=Known(series=order.id)).exemption is Exemption.RECURRING
    assert ask(customer, eur("251"), known=Known(series=order.id)).exemption is None
    assert ask(customer, known=Known(series=order.id), account="LU1").exemption is None


@pytest.mark.parametrize("act", [a for a in Act if a not in rules.PAYS_NOW])
def test_what_exemptions_rest_on_is_always_asked_about(customer, act):
    assert ask(customer, eur("0"), act=act).state is State.ASKED


def test_an_approval_is_used_once_for_exactly_what_was_approved(customer):
    asked = ask(customer)
    with pytest.raises(ApprovalMissing):
        redeem(asked, customer)
    give(asked, customer)

    assert redeem(asked, customer).state is State.USED
    with pytest.raises(ApprovalUsed):
        redeem(asked, customer)


@pytest.mark.parametrize(
    "change",
    [
        {"amount": eur("250.01")},
        {"amount": Money(25000, "USD")},
        {"payee": "Lena Vogts"},
        {"account": "DE02 1203 0000 0000 2020 51"},
        {"act": Act.PURCHASE},
    ],
)
def test_any_change_after_the_yes_is_refused_and_the_approval_stays_unused(customer, change):
    asked = ask(customer)
    give(asked, customer)

    with pytest.raises(ApprovalDiffers):
        redeem(asked, customer, **change)
    with reading():
        assert queries.approval(approval_id=asked.id).state is State.GIVEN


def test_an_approval_is_over_after_ten_minutes(customer, clock):
    asked, given = ask(customer), ask(customer)
    give(given, customer)
    house_clock.freeze(house_clock.now() + timedelta(minutes=10))

    with pytest.raises(ApprovalExpired):
        give(asked, customer)
    with pytest.raises(ApprovalExpired):
        redeem(given, customer)


def test_a_withdrawn_approval_is_dead(customer):
    asked = ask(customer)
    service.withdraw(approval_id=asked.id, actor=customer)

    with pytest.raises(ApprovalWithdrawn):
        give(asked, customer)


def test_nobody_approves_for_somebody_else(customer):
    asked = ask(customer)
    other = Actor(person_id=new_id(), label="person:other")

    with pytest.raises(ApprovalUnknown):
        give(asked, other)
    with pytest.raises(ApprovalMissing):
        service.redeem(
            approval_id=None,
            act=Act.TRANSFER,
            amount=eur("1"),
            payee="",
            account="",
            actor=customer,
        )


def test_whoever_left_a_company_approves_nothing_for_it_any_more(customer):
    company = new_id()
    working = replace(customer, organisation_ids=frozenset({company}))
    asked, open_one = (ask(working, payer_id=company) for _ in range(2))
    give(asked, working)

    with pytest.raises(ApprovalUnknown):
        give(open_one, customer)
    with pytest.raises(ApprovalUnknown):
        redeem(asked, customer)
    with reading(), pytest.raises(ApprovalUnknown):
        queries.approval_for(customer, open_one.id)
    assert redeem(asked, working).state is State.USED


def test_a_yes_does_the_thing_in_the_same_transaction(customer, monkeypatch):
    done = []
    monkeypatch.setattr(service, "_executors", {})

    def execute(approval, actor):
        done.append(
            service.redeem(
                approval_id=approval.id,
                act=approval.act,
                amount=eur("250"),
                payee=PAYEE,
                account=ACCOUNT,
                actor=actor,
            )
        )

    service.register_executor(
        act=Act.TRANSFER, execute=execute, page=service.ResultPage("bank.overview", "ref")
    )
    after = give(ask(customer), customer)

    assert (after.state, len(done)) == (State.USED, 1)
    assert service.page_of(Act.TRANSFER).argument == "ref"


def test_an_act_that_is_refused_leaves_the_approval_open(customer, monkeypatch):
    def refuse(approval, actor):
        raise ApprovalDiffers

    monkeypatch.setattr(service, "_executors", {})
    service.register_executor(
        act=Act.TRANSFER, execute=refuse, page=service.ResultPage("bank.overview", "ref")
    )
    asked = ask(customer)

    with pytest.raises(ApprovalDiffers):
        give(asked, customer)
    with reading():
        assert queries.approval(approval_id=asked.id).state is State.ASKED


def test_no_value_of_a_challenge_flows_into_the_next():
    def of(payee, account):
        return rules.challenge(
            act=Act.TRANSFER,
            amount=eur("1"),
            payee=payee,
            account=account,
            subject="s",
            nonce="n",
            expires_at=house_clock.now(),
        )

    assert of("AB", "C") != of("A", "BC")


def test_payments_at_the_same_instant_do_not_all_count_as_the_last_small_one(
    own_database, customer
):
    service.load_reference_data(actor=SYSTEM)

    found = outcomes(8, lambda _: ask(customer, eur("30")).exemption)

    assert found.count(Exemption.LOW_VALUE) == 4
    assert found.count(None) == 4


def test_an_approval_cannot_be_taken_away(customer, db):
    ask(customer)

    with pytest.raises(DatabaseError, match=r"refused|denied"):
        db.execute(text("DELETE FROM banking.approvals"))
