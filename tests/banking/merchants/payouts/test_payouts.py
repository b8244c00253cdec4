"""Payouts from the account that is named to the money that arrives, or comes back."""

from __future__ import annotations

from datetime import date

import pytest
from bank_objects import available, eur, house, make_wallet, outcomes, posted, top_up, transfer
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from banking import api as bank
from banking.accounts.wallets import service as wallets
from banking.authorisation.approvals import service as approvals
from banking.authorisation.late_credits import queries as late_credits
from banking.authorisation.payees.queries import Outcome, target
from banking.core.ledger import service as ledger
from banking.core.rail.errors import RailDoesNotReach, RailNotOffered
from banking.core.rail.gateway import FaultKind, misbehave
from banking.merchants.payouts import carrying as payout_carrying
from banking.merchants.payouts import jobs, payout_runs, queries, rules, running, service
from banking.merchants.payouts.errors import (
    AccountIsHere,
    AccountKeyReused,
    BelowMinimum,
    CannotRetry,
    NoPayoutAccount,
    NothingToPayOut,
    PayoutAccountNew,
    PayoutsPaused,
    PaysDebtsFirst,
)
from banking.merchants.payouts.rules import Cadence, Schedule, State
from banking.transferring.bulk import queries as bulk_queries
from banking.transferring.bulk import service as bulk
from banking.transferring.transfers.errors import NameDiffers
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import command, reading, session
from kernel.ids import new_id
from kernel.money import Money
from tests.asking import says
from tests.banking.merchants.payouts.conftest import (
    OTHER,
    OTHER_NAME,
    OUTSIDE,
    OUTSIDE_NAME,
    company_of,
    deliver,
    earn,
    fund,
    named,
    now,
    only_payout,
    pass_time,
    planned,
    ready,
    wallet_of,
    with_company,
    work,
)


def run(vendor):
    """Take the turn of the day."""
    return running.take_turns(currency="EUR", vendor_ids=[company_of(vendor)], actor=SYSTEM)


def pay_now(vendor, key=None):
    return running.pay_now(
        vendor_id=company_of(vendor), currency="EUR", key=key or new_id(), actor=vendor
    )


def plan_of(vendor):
    with reading():
        return queries.plan(vendor_id=company_of(vendor), currency="EUR")


def turn_of(vendor):
    with reading():
        return payout_runs.last_turns(vendor_id=company_of(vendor))["EUR"]


def day_after(vendor, days=1):
    pass_time(days=days)
    return run(vendor)


# --- the account ----------------------------------------------------------------------------------


def test_an_account_counts_once_it_is_approved_and_a_day_has_passed(vendor):
    earn(company_of(vendor), "100")
    with pytest.raises(NoPayoutAccount):
        pay_now(vendor)
    asked = service.name_account(
        key=new_id(),
        vendor_id=company_of(vendor),
        currency="EUR",
        account=target(OUTSIDE),
        name=OUTSIDE_NAME,
        actor=vendor,
    )
    assert plan_of(vendor) is None
    approvals.give(approval_id=asked.approval_id, method="totp", actor=vendor)

    with pytest.raises(PayoutAccountNew) as refused:
        pay_now(vendor)
    assert refused.value.data["at"].isoformat() == "2026-11-26T09:00:00+00:00"
    pass_time(days=1)
    assert pay_now(vendor).amount == eur(100)


def test_an_account_that_nobody_approved_in_time_waits_no_more(vendor):
    service.name_account(
        key=new_id(),
        vendor_id=company_of(vendor),
        currency="EUR",
        account=target(OUTSIDE),
        name=OUTSIDE_NAME,
        actor=vendor,
    )
    with reading():
        assert set(queries.asked_of(vendor_id=company_of(vendor))) == {"EUR"}

    pass_time(days=1)

    with reading():
        assert queries.asked_of(vendor_id=company_of(vendor)) == {}


def test_a_new_account_replaces_the_old_and_delays_the_next_payout(vendor, outbox):
    ready(vendor)
    earn(company_of(vendor), "100")

    named(vendor, OTHER, OTHER_NAME)

    with pytest.raises(PayoutAccountNew):
        pay_now(vendor)
    pass_time(hours=24)
    assert run(vendor) == 1
    found = only_payout(vendor)
    with reading():
        assert queries.account(account_id=found.account_id).account.account == OTHER
    told = [one for one in outbox() if one.name == "banking.payout_account.changed.v1"]
    assert len(told) == 2


def test_everybody_of_the_vendor_is_written_to_about_a_new_account(vendor, db):
    named(vendor)

    deliver("banking.payout_account.changed.v1")

    (mail,) = db.execute(
        text("SELECT data FROM kernel.mail WHERE template = 'banking/mail/payout_account.txt'")
    ).all()
    assert (mail.data["account"], mail.data["zone"]) == (OUTSIDE[-4:], "Europe/Paris")


def test_another_name_than_the_holders_stops_unless_one_insists(vendor):
    about = {
        "vendor_id": company_of(vendor),
        "currency": "EUR",
        "account": target(OUTSIDE),
        "name": "Somebody Else",
        "actor": vendor,
    }

    with pytest.raises(NameDiffers):
        service.name_account(key=new_id(), **about)
    kept = service.name_account(key=new_id(), whatever_name=True, **about)

    assert kept.outcome is Outcome.NO_MATCH


def test_accounts_here_or_out_of_reach_are_refused(vendor):
    about = {"vendor_id": company_of(vendor), "name": "Qinglan", "actor": vendor}
    inside = make_wallet().iban

    with pytest.raises(AccountIsHere):
        service.name_account(key=new_id(), currency="EUR", account=target(inside), **about)
    with pytest.raises(RailDoesNotReach):
        service.name_account(
            key=new_id(), currency="GBP", account=target(OTHER), whatever_name=True, **about
        )
    with pytest.raises(RailNotOffered):
        service.name_account(
            key=new_id(), currency="TRY", account=target(OTHER), whatever_name=True, **about
        )


def test_the_same_key_finds_the_same_account_and_another_is_refused(vendor):
    key = new_id()
    about = {"key": key, "vendor_id": company_of(vendor), "currency": "EUR", "actor": vendor}
    first = service.name_account(account=target(OUTSIDE), name=OUTSIDE_NAME, **about)

    assert service.name_account(account=target(OUTSIDE), name=OUTSIDE_NAME, **about) == first
    with pytest.raises(AccountKeyReused):
        service.name_account(account=target(OTHER), name=OTHER_NAME, **about)


# --- the turn -------------------------------------------------------------------------------------


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


DIRECTORY = {
    "CNY": ("CN 102422001029 6222021503001234567", "景德镇青岚陶瓷有限公司"),
    "JPY": ("JP 0005531 0123456", "株式会社早川道具店"),
    "KRW": ("KR 004 92345678901234", "주식회사 달빛공방"),
    "DKK": ("DK5000400440116243", "Lysholm Lamper ApS"),
    "USD": ("US 125000024 004623187450", "Cascade Dry Goods LLC"),
    "BRL": ("BR1800360305000010009795493C1", "Serra Clara Torrefação Ltda."),
    "AED": ("AE070331234567890123456", "دار النخيل للتجارة ش.ذ.م.م"),
    "INR": ("IN HDFC0000240 50200012345678", "Gulmohar House Pvt. Ltd."),
    "MXN": ("MX 002610000012345675", "Taller Barro Azul S.A. de C.V."),
}


@pytest.mark.parametrize("currency", DIRECTORY)
def test_a_vendor_is_paid_at_its_bank_in_its_own_currency(vendor, sound, currency):
    account, holder = DIRECTORY[currency]
    asked = named(vendor, account, holder, currency)
    make_wallet("2000", currency=currency, owner_id=company_of(vendor))
    earned = Money.of("2000", currency)
    pass_time(days=1)

    made = running.pay_now(
        vendor_id=company_of(vendor), currency=currency, key=new_id(), actor=vendor
    )
    for _ in range(4):
        pass_time(days=2)

    assert (asked.outcome, asked.account.account) == (Outcome.MATCH, account)
    assert (now(made.ref).state, now(made.ref).amount) == (State.PAID, earned)
    assert posted(house("rail_clearing", currency)) == Money.zero(currency)
    assert posted(house("rail_nostro", currency)) == earned
    sound()


def test_what_another_country_sends_back_is_in_the_wallet_again(vendor, sound):
    misbehave(kind=FaultKind.RETURN, actor=SYSTEM)
    named(vendor, *DIRECTORY["CNY"], currency="CNY")
    wallet = make_wallet("700", currency="CNY", owner_id=company_of(vendor))
    pass_time(days=1)

    made = running.pay_now(vendor_id=company_of(vendor), currency="CNY", key=new_id(), actor=vendor)
    for _ in range(3):
        pass_time(days=3)

    assert (now(made.ref).state, now(made.ref).reason) == (State.RETURNED, "AC04")
    assert available(wallet) == Money.of("700", "CNY")
    sound()


def test_the_house_vouches_for_an_account_once_and_it_counts_at_once(vendor):
    about = {
        "vendor_id": company_of(vendor),
        "currency": "CNY",
        "person_id": vendor.person_id,
        "actor": SYSTEM,
    }
    account, holder = DIRECTORY["CNY"]
    make_wallet("700", currency="CNY", owner_id=company_of(vendor))
    for typed in (account, "CN 103331002010 6228480322012345678"):
        service.vouch_for_payout_account(account=typed, name=holder, **about)

    made = running.pay_now(vendor_id=company_of(vendor), currency="CNY", key=new_id(), actor=vendor)

    with reading():
        assert queries.account(account_id=made.account_id).account.account == account


def test_every_currency_that_is_paid_out_has_a_smallest_amount():
    assert all(queries.house_least(currency).minor > 0 for currency in queries.payable())


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


def keep(vendor, amount):
    """Hold money of a vendor for something else."""
    wallets.hold(
        key=new_id(),
        wallet_id=wallet_of(vendor).id,
        amount=eur(amount),
        reason="test",
        subject="T",
        expires_at=house_clock.now().replace(year=2027),
        actor=SYSTEM,
    )


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


# --- reserve --------------------------------------------------------------------------------------


def trouble(vendor, count=5):
    """Let a vendor have orders of which one is disputed."""
    for _ in range(count - 1):
        earn(company_of(vendor), "10")
    disputed = fund(company_of(vendor), "10")
    bank.freeze_escrow(order_ref=disputed, amount=eur(10), actor=SYSTEM)


def test_a_vendor_with_disputes_keeps_a_reserve_which_comes_back_after_its_days(vendor, sound):
    ready(vendor, Schedule(Cadence.BY_HAND))
    trouble(vendor)

    made = pay_now(vendor)

    assert (made.reserve, made.amount) == (eur(4), eur(36))
    work()
    with reading():
        (bucket,) = bank.vendor_buckets(organisation_id=company_of(vendor))
    assert bucket.reserved == eur(4)
    pass_time(days=89)
    jobs.give_reserves_back()
    assert available(wallet_of(vendor)) == eur(0)
    pass_time(days=1)
    for _ in range(2):
        jobs.give_reserves_back()
    assert available(wallet_of(vendor)) == eur(4)
    sound()


def test_a_reserve_whose_vendor_closed_the_wallet_waits_beside_it(vendor, sound):
    ready(vendor, Schedule(Cadence.BY_HAND))
    trouble(vendor)
    pay_now(vendor)
    work()
    wallet = wallet_of(vendor)
    wallets.close(wallet_id=wallet.id, actor=SYSTEM)
    pass_time(days=90)

    for _ in range(2):
        jobs.give_reserves_back()

    assert posted(ledger.AccountRef("late_credit", wallet.account.key, "EUR")) == eur(4)
    with reading():
        (found,) = late_credits.credits_for(vendor)
    assert (found.amount, found.owner_id) == (eur(4), company_of(vendor))
    sound()


def test_a_reserve_is_kept_of_what_orders_brought_and_of_nothing_else(vendor):
    ready(vendor, Schedule(Cadence.BY_HAND))
    trouble(vendor)
    top_up(wallet_of(vendor), eur(1000))
    assert pay_now(vendor).reserve == eur(4)
    work()
    top_up(wallet_of(vendor), eur(100))

    assert pay_now(vendor).reserve == eur(0)


# --- the rail -------------------------------------------------------------------------------------


def test_a_payout_is_paid_by_its_notice_and_not_before(vendor, sound):
    ready(vendor)
    earn(company_of(vendor), "100")
    day_after(vendor)
    ref = only_payout(vendor).ref

    assert now(ref).state is State.MADE
    pass_time(minutes=6)
    assert now(ref).state is State.SENT
    pass_time(days=1)
    assert now(ref).state is State.PAID
    assert posted(house("rail_clearing")) == eur(0)
    assert posted(house("rail_nostro")) == eur(100)
    sound()


def paid_to_come_back(vendor):
    """Let a payout arrive that the other bank will send back days later; return its reference."""
    ready(vendor)
    misbehave(kind=FaultKind.RETURN, reason="AC04", actor=SYSTEM)
    earn(company_of(vendor), "100")
    day_after(vendor)
    ref = only_payout(vendor).ref
    pass_time(minutes=6)
    pass_time(days=1)
    return ref


def test_a_payout_returned_by_the_bank_after_paid_is_back_in_the_wallet_and_never_shown_settled(
    vendor, sound, outbox
):
    """Check 27: vendor sees it back, ledger never shows settled."""
    ref = paid_to_come_back(vendor)
    assert now(ref).state is State.PAID

    pass_time(days=3)

    assert (now(ref).state, now(ref).reason) == (State.RETURNED, "AC04")
    assert available(wallet_of(vendor)) == eur(100)
    assert posted(house("rail_clearing")) == posted(house("rail_nostro")) == eur(0)
    told = [(one.state, one.reason) for one in outbox() if one.name == "banking.payout.changed.v1"]
    assert told[-1] == ("returned", "AC04")
    pass_time(days=1)
    assert now(ref).state is State.RETURNED
    sound()


def test_a_payout_that_comes_back_to_a_closed_wallet_is_told_once_and_truly(vendor, sound, as_, db):
    ref = paid_to_come_back(vendor)
    wallets.close(wallet_id=wallet_of(vendor).id, actor=SYSTEM)

    pass_time(days=3)
    deliver("banking.payout.changed.v1")
    deliver("banking.late_credit.changed.v1")

    page = as_(vendor).get(f"/en/bank/payouts/{ref}?account={company_of(vendor)}").text
    assert says(page, "came back after you had closed the wallet.")
    assert not says(page, "The money came back. It is in your wallet again.")
    told = db.execute(text("SELECT template, data ->> 'state' AS state FROM kernel.mail")).all()
    assert ("banking/mail/payout.txt", "returned") not in told
    assert "banking/mail/late_credit.txt" in {letter.template for letter in told}
    sound()


def returned(vendor):
    """Let the only payout of a vendor come back."""
    misbehave(kind=FaultKind.REFUSE, reason="AC04", actor=SYSTEM)
    earn(company_of(vendor), "100")
    day_after(vendor)
    work()
    pass_time(minutes=6)
    return only_payout(vendor)


def test_what_came_back_pauses_the_plan_until_the_account_is_corrected(vendor):
    ready(vendor)
    assert returned(vendor).state is State.RETURNED

    assert plan_of(vendor).is_paused
    assert day_after(vendor) == 0
    with pytest.raises(PayoutsPaused):
        pay_now(vendor)
    named(vendor, OTHER, OTHER_NAME)
    assert not plan_of(vendor).is_paused
    pass_time(days=1)
    assert run(vendor) == 1


def test_the_vendor_is_written_that_it_came_back_and_what_to_do(vendor, db):
    ready(vendor)
    returned(vendor)

    deliver("banking.payout.changed.v1")

    told = db.execute(text("SELECT data FROM kernel.mail WHERE template LIKE '%/payout.txt'")).all()
    assert {mail.data["state"] for mail in told} == {"returned"}
    assert told[0].data["reason"] == "AC04"


def test_what_came_back_is_made_again_by_hand_and_once(vendor, sound):
    ready(vendor)
    back = returned(vendor)

    again = running.make_again(payout_id=back.id, actor=SYSTEM)

    assert (again.amount, again.again_for) == (eur(100), back.id)
    assert not plan_of(vendor).is_paused
    with pytest.raises(CannotRetry):
        running.make_again(payout_id=back.id, actor=SYSTEM)
    sound()


def test_what_is_under_way_is_not_made_again(vendor):
    ready(vendor)
    earn(company_of(vendor), "100")
    made = pay_now(vendor)

    with pytest.raises(CannotRetry):
        running.make_again(payout_id=made.id, actor=SYSTEM)


@pytest.mark.parametrize("fault", [FaultKind.DOWN, FaultKind.TIMEOUT, FaultKind.DOUBLE])
def test_a_rail_that_is_away_slow_or_repeats_itself_pays_once(vendor, fault, sound):
    ready(vendor)
    misbehave(kind=fault, actor=SYSTEM)
    earn(company_of(vendor), "100")
    day_after(vendor)

    pass_time(minutes=6)
    for _ in range(2):
        pass_time(minutes=1)
    pass_time(days=1)

    assert only_payout(vendor).state is State.PAID
    assert posted(house("rail_nostro")) == eur(100)
    sound()


def test_a_wallet_that_was_emptied_meanwhile_fails_the_payout_and_pauses_nothing(vendor, sound):
    ready(vendor)
    earn(company_of(vendor), "100")
    made = pay_now(vendor)
    transfer(wallet_of(vendor), make_wallet(), eur(60))

    work()

    assert (now(made.ref).state, now(made.ref).reason) == (State.FAILED, "insufficient_funds")
    assert available(wallet_of(vendor)) == eur(40)
    assert not plan_of(vendor).is_paused
    sound()


def test_one_vendor_that_cannot_be_paid_holds_no_other_up(vendor, make_person, sound):
    other = with_company(make_person(), "Takumi")
    for one in (vendor, other):
        ready(one)
        earn(company_of(one), "100")
    pass_time(days=1)
    jobs.run_payouts()
    transfer(wallet_of(vendor), make_wallet(), eur(60))

    work()

    assert (only_payout(vendor).state, only_payout(other).state) == (State.FAILED, State.MADE)
    assert available(wallet_of(other)) == eur(0)
    with reading() as current:
        batches = current.execute(text("SELECT count(*) FROM banking.batches")).scalar_one()
    assert batches == 1
    sound()


def test_news_that_comes_in_any_order_leads_to_the_same_state(vendor):
    ready(vendor)
    earn(company_of(vendor), "100")
    day_after(vendor)
    with reading():
        (batch,) = bulk_queries.due_batches()
    bulk.execute(batch_id=batch, actor=SYSTEM)
    made = only_payout(vendor)
    for one in (State.MADE, State.SENT):
        assert rules.way(one, [State.SENT, State.PAID])[-1] is State.PAID
    pass_time(minutes=6)
    pass_time(days=1)

    for _ in range(2):
        payout_carrying.follow(transfer_id=made.transfer_id, actor=SYSTEM)

    with reading():
        steps = [step.state for step in queries.steps_of(payout_id=made.id)]
    assert steps == [State.MADE, State.SENT, State.PAID]


# --- the operator ---------------------------------------------------------------------------------


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


# --- what a payout holds --------------------------------------------------------------------------


def vars_of(made):
    return {"wallet": made.wallet_id, "after": made.after_entry, "upto": made.upto_entry}


def test_a_payout_holds_every_entry_since_the_one_before_and_adds_up(vendor):
    ready(vendor, Schedule(Cadence.BY_HAND))
    earn(company_of(vendor), "100", fee="8")
    pay_now(vendor)
    work()
    earn(company_of(vendor), "50")
    transfer(wallet_of(vendor), make_wallet(), eur(20))
    keep(vendor, "5")

    made = pay_now(vendor)

    with reading() as current:
        moved = current.execute(
            text(
                "SELECT coalesce(sum(amount), 0) FROM banking.entries e"
                " JOIN banking.wallets w ON w.account_id = e.account_id"
                " WHERE w.id = :wallet AND e.phase = 1 AND e.id > :after AND e.id <= :upto"
            ),
            vars_of(made),
        ).scalar_one()
        assert made.opening.minor + int(moved) == eur(30).minor
    assert (made.opening, made.available, made.amount) == (eur(92), eur(25), eur(25))


@pytest.mark.parametrize("table", ["payout_turns", "payout_steps"])
def test_turns_and_steps_are_evidence(vendor, table):
    ready(vendor)
    earn(company_of(vendor), "100")
    pay_now(vendor)

    with reading(), pytest.raises(DBAPIError, match="permission denied"), session().begin_nested():
        session().execute(text(f"DELETE FROM banking.{table}"))


def test_the_table_refuses_a_payout_that_does_not_add_up(vendor):
    ready(vendor)
    earn(company_of(vendor), "100")
    pay_now(vendor)

    with reading(), pytest.raises(DBAPIError, match="adds_up"), session().begin_nested():
        session().execute(text("UPDATE banking.payouts SET amount_minor = amount_minor + 1"))
