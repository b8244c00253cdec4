"""A vendor's turn: who is paid on which day, how much, and why not; payouts by hand; pauses."""

from __future__ import annotations

from datetime import date

import pytest
from bank_objects import available, eur, house, make_wallet, outcomes, posted, top_up

from banking import api as bank
from banking.core.ledger import service as ledger
from banking.merchants.payouts import jobs, payout_runs, queries, running, service
from banking.merchants.payouts.errors import BelowMinimum, NothingToPayOut, PaysDebtsFirst
from banking.merchants.payouts.rules import Cadence, Schedule, State
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import command, reading
from kernel.ids import new_id
from tests.banking.merchants.payouts.conftest import (
    company_of,
    earn,
    only_payout,
    pass_time,
    planned,
    ready,
    wallet_of,
    with_company,
    work,
)
from tests.banking.merchants.payouts.paying_out import (
    day_after,
    keep,
    pay_now,
    plan_of,
    run,
    turn_of,
)


def test_a_vendor_is_paid_on_its_day_what_the_wallet_can_spend(vendor, sound):
    ready(vendor, Schedule(Cadence.WEEKLY, weekday=3))
    earn(company_of(vendor), "100", fee="8")
    assert run(vendor) == 0  # a Wednesday

    assert day_after(vendor) == 1

    found = only_payout(vendor)
    assert (found.amount, found.state, found.period) == (eur(92), State.MADE, "2026-W48")
    assert found.arrives_on == date(2026, 11, 27)
    work()
    assert available(wallet_of(vendor)) == eur(0)
    assert posted(house("rail_clearing")) == eur(92)
    assert plan_of(vendor).next_on == date(2026, 12, 3)
    sound()


def test_a_period_is_paid_once_however_often_its_turn_is_taken(vendor):
    ready(vendor)
    earn(company_of(vendor), "100")
    pass_time(days=1)

    assert [run(vendor), run(vendor)] == [1, 0]
    earn(company_of(vendor), "50")
    assert run(vendor) == 0
    assert only_payout(vendor).amount == eur(100)


def test_sixteen_workers_making_the_same_run_pay_once(own_database, app, sound):
    vendor = with_company(_person())
    ready(vendor)
    earn(company_of(vendor), "100")
    house_clock.freeze(house_clock.now().replace(day=26))

    found = outcomes(16, lambda _: run(vendor))

    assert sorted(found) == [0] * 15 + [1]
    work()
    assert only_payout(vendor).amount == eur(100)
    assert available(wallet_of(vendor)) == eur(0)
    sound()


def _person():
    from kernel.people.identity import queries as people
    from kernel.people.identity import service as identity

    identity.register(
        email="owner@qinglan.example.com",
        password="correct horse battery",
        name="Mei Lin",
        locale="en",
        country="CN",
        actor=SYSTEM,
    )
    opened = identity.sign_in(
        email="owner@qinglan.example.com",
        password="correct horse battery",
        device="test",
        address="192.0.2.1",
        actor=SYSTEM,
    )
    with reading():
        return people.actor_of_session(str(opened))


def test_a_worker_killed_in_the_middle_of_a_turn_leaves_nothing_and_the_next_pays_once(vendor):
    ready(vendor)
    earn(company_of(vendor), "100")
    pass_time(days=1)

    @command("tests.payouts.killed")
    def killed(*, actor):
        running.take_turns(currency="EUR", vendor_ids=[company_of(vendor)], actor=actor)
        raise SystemExit

    with pytest.raises(SystemExit):
        killed(actor=SYSTEM)
    with reading():
        assert queries.payouts_of(vendor_id=company_of(vendor)) == []
    assert available(wallet_of(vendor)) == eur(100)
    assert run(vendor) == 1
    assert only_payout(vendor).amount == eur(100)


def test_below_the_minimum_it_rolls_on_with_a_reason_and_is_paid_with_the_next(vendor):
    ready(vendor, least="150")
    earn(company_of(vendor), "100")

    assert day_after(vendor) == 0
    assert (turn_of(vendor).reason, turn_of(vendor).available) == ("below_minimum", eur(100))
    earn(company_of(vendor), "60")
    assert day_after(vendor) == 1
    assert only_payout(vendor).amount == eur(160)


def test_an_empty_wallet_rolls_on_too(vendor):
    ready(vendor)

    assert day_after(vendor) == 0
    assert turn_of(vendor).reason == "nothing_to_pay_out"


def test_a_frozen_wallet_rolls_on_and_keeps_its_money(vendor):
    ready(vendor)
    earn(company_of(vendor), "100")
    bank.freeze(wallet_id=wallet_of(vendor).id, freeze=bank.Freeze.DEBIT, actor=SYSTEM)

    assert day_after(vendor) == 0
    assert turn_of(vendor).reason == "account_frozen"
    assert available(wallet_of(vendor)) == eur(100)


def test_what_is_held_stays(vendor):
    ready(vendor)
    earn(company_of(vendor), "100")
    keep(vendor, "30")

    day_after(vendor)

    assert only_payout(vendor).amount == eur(70)


def test_what_a_vendor_owes_is_paid_before_the_vendor_is(vendor, sound):
    ready(vendor)
    owe(vendor, "40")
    top_up(wallet_of(vendor), eur(100))

    day_after(vendor)

    found = only_payout(vendor)
    assert (found.owed, found.amount) == (eur(40), eur(60))
    assert posted(ledger.AccountRef("vendor_debt", str(company_of(vendor)), "EUR")) == eur(0)
    sound()


def owe(vendor, amount):
    """Let a vendor owe something to the house."""
    bank.open_wallet(
        owner_id=company_of(vendor), owner_kind="organisation", currency="EUR", actor=SYSTEM
    )
    debt = ledger.AccountRef("vendor_debt", str(company_of(vendor)), "EUR")
    ledger.post(
        key=new_id(),
        kind="test",
        subject="test",
        actor=SYSTEM,
        legs=[
            ledger.Leg(debt, -eur(amount)),
            ledger.Leg(make_wallet().account, eur(amount)),
        ],
    )


def test_a_debt_that_takes_all_of_it_is_the_reason_that_nothing_is_sent(vendor):
    ready(vendor)
    owe(vendor, "140")
    top_up(wallet_of(vendor), eur(100))

    with pytest.raises(PaysDebtsFirst):
        pay_now(vendor)


def test_by_hand_pays_at_once_and_the_same_press_pays_once(vendor):
    ready(vendor, Schedule(Cadence.BY_HAND))
    earn(company_of(vendor), "100")
    key = new_id()

    assert pay_now(vendor, key) == pay_now(vendor, key)
    with pytest.raises(NothingToPayOut):
        pay_now(vendor)  # what the batch is about to take is not paid twice
    work()
    with pytest.raises(NothingToPayOut):
        pay_now(vendor)
    assert run(vendor) == 0


def test_a_minimum_under_the_houses_own_is_refused(vendor):
    ready(vendor)

    with pytest.raises(BelowMinimum):
        planned(vendor, least="0.50")


def test_the_job_pays_everybody_who_is_due_and_sends_it(vendor):
    ready(vendor)
    earn(company_of(vendor), "100")
    pass_time(days=1)

    jobs.run_payouts()
    pass_time(minutes=6)

    assert only_payout(vendor).state is State.SENT
    with reading():
        (made,) = payout_runs.runs()
        (turn,) = payout_runs.turns_of(run_id=made.id)
    assert (made.made, made.rolled, made.total) == (1, 0, eur(100))
    assert turn.payout_ref == only_payout(vendor).ref


def test_a_vendor_that_is_paused_is_not_paid_and_later_once_for_all_that_was_missed(vendor):
    ready(vendor)
    earn(company_of(vendor), "100")
    about = {"vendor_id": company_of(vendor), "currency": "EUR", "actor": vendor}
    service.hold_payouts(words="We are looking at two complaints.", **about)

    assert [day_after(vendor) for _ in range(3)] == [0] * 3
    service.let_payouts_go(**about)
    assert run(vendor) == 1
    assert run(vendor) == 0
    assert only_payout(vendor).amount == eur(100)


def test_pause_and_its_end_are_told_once_each(vendor, outbox):
    ready(vendor)
    about = {"vendor_id": company_of(vendor), "currency": "EUR", "actor": vendor}

    service.hold_payouts(words="Two complaints.", **about)
    for _ in range(2):
        service.let_payouts_go(**about)

    told = [one.words for one in outbox() if one.name == "banking.payouts.held.v1"]
    assert told == ["Two complaints.", ""]
