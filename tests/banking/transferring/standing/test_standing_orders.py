"""Standing orders: the 31st, summer time, holidays, once per period, and what was missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from bank_objects import available, eur, make_customer, make_wallet
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from banking import api as bank
from banking.accounts.wallets import service as wallet_service
from banking.authorisation.approvals import service as approvals
from banking.authorisation.payees.queries import target
from banking.online.closing import queries as closing
from banking.transferring.standing import jobs, queries, rules, service
from banking.transferring.standing.errors import FirstDayGone, LastDayEarly, OrderOver, OrderUnknown
from banking.transferring.standing.events import StandingRunNotPaid
from banking.transferring.standing.rules import Cadence, Result, State, Terms
from banking.transferring.transfers import service as transfers
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.ids import new_id
from kernel.web.letters import render_letter
from tests.asking import english, says

TERMS = Terms(
    valid_from=date(2026, 1, 1),
    zone="Europe/Luxembourg",
    runs_at=time(6),
    late_days=3,
    ahead_days=365,
    retry_hours=(6, 24),
    source="test",
)


@pytest.fixture(autouse=True)
def _morning(db, clock):
    clock("2026-11-25T09:00")
    approvals.load_reference_data(actor=SYSTEM)


@pytest.mark.parametrize(
    ("first", "cadence", "days"),
    [
        ("2027-01-31", "monthly", ["01-31", "02-28", "03-31", "04-30", "05-31"]),
        ("2027-01-30", "monthly", ["01-30", "02-28", "03-30"]),
        ("2027-01-04", "weekly", ["01-04", "01-11", "01-18"]),
        ("2027-05-31", "quarterly", ["05-31", "08-31", "11-30"]),
    ],
)
def test_the_31st_is_the_last_day_of_every_month(first, cadence, days):
    begun = date.fromisoformat(first)

    found = [rules.nominal(begun, Cadence(cadence), n) for n in range(len(days))]

    assert [day.isoformat() for day in found] == [f"2027-{day}" for day in days]


def test_the_29th_of_february_is_kept_through_years_that_lack_it():
    days = [rules.nominal(date(2028, 2, 29), Cadence.YEARLY, n) for n in range(5)]

    assert [day.isoformat() for day in days][1::3] == ["2029-02-28", "2032-02-29"]


@given(st.dates(date(2026, 1, 1), date(2040, 1, 1)), st.sampled_from(Cadence), st.integers(0, 60))
def test_no_two_periods_share_a_key_and_none_is_skipped(first, cadence, number):
    one, other = (rules.nominal(first, cadence, number + n) for n in range(2))

    assert one < other
    assert rules.period_key(one, cadence) != rules.period_key(other, cadence)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2027-03-28T00:30", "2027-03-27"),  # the night that has no two o'clock
        ("2027-03-28T03:59", "2027-03-27"),
        ("2027-03-28T04:00", "2027-03-28"),  # six in summer time
        ("2026-10-25T04:30", "2026-10-24"),  # half past five: two o'clock came twice
        ("2026-10-25T05:00", "2026-10-25"),  # six in winter time
    ],
)
def test_a_day_begins_once_when_the_clocks_change(instant, day):
    at = datetime.fromisoformat(instant).replace(tzinfo=UTC)

    assert rules.business_date(at, TERMS).isoformat() == day


def test_a_payment_due_on_a_holiday_goes_on_the_next_business_day():
    due = [date(2026, 12, 25), date(2027, 1, 1), date(2027, 5, 1)]

    moved = [queries.moved(day, currency="EUR", is_internal=False) for day in due]

    assert [day.isoformat() for day in moved] == ["2026-12-28", "2027-01-04", "2027-05-03"]
    assert queries.moved(due[0], currency="EUR", is_internal=True) == due[0]


@pytest.fixture
def people(make_person):
    payer, payee = make_person(), make_person()
    make_customer(owner_id=payer.person_id)
    make_wallet("1000", owner_id=payer.person_id)
    make_wallet("0", owner_id=payee.person_id)
    return payer, payee


def wallet(actor):
    with reading():
        return bank.wallet_for(owner_id=actor.person_id, currency="EUR")


def set_up(payer, account, **about):
    """Send once, make it regular, approve."""
    made = wished(payer, account, **about)
    approvals.give(approval_id=made.approval_id, method="totp", actor=payer)
    return made


def wished(payer, account, *, first_on="2026-11-30", last_on=None, amount="100", cadence="monthly"):
    """Send once, make it regular, leave it at that."""
    name = "Amélie Dupont" if account.startswith("FR") else "Camille Martin"
    draft = transfers.begin(
        key=new_id(), owner_id=payer.person_id, account=target(account), name=name, actor=payer
    )
    transfers.say_amount(
        ref=draft.ref,
        owner_id=payer.person_id,
        amount=eur("1"),
        reference="",
        due_on=None,
        actor=payer,
    )
    transfers.confirm(ref=draft.ref, owner_id=payer.person_id, actor=payer, again=True)
    made = service.set_up(
        key=new_id(),
        owner_id=payer.person_id,
        like=draft.ref,
        amount=eur(amount),
        reference="Rent",
        actor=payer,
        rhythm=service.Rhythm(
            cadence=Cadence(cadence),
            first_on=date.fromisoformat(first_on),
            last_on=date.fromisoformat(last_on) if last_on else None,
        ),
    )
    assert made.state is State.AWAITING_APPROVAL
    return made


def on(day):
    house_clock.freeze(datetime.fromisoformat(day).replace(tzinfo=UTC))
    jobs.run_standing_orders()


def runs(made):
    with reading():
        return [(run.period, run.result) for run in queries.runs_of(order_id=made.id)]


def listed(payer):
    with reading():
        return [one.ref for one in queries.orders_of(owner_id=payer.person_id)]


def test_what_its_owner_said_no_to_never_was_a_standing_order_and_keeps_no_wallet_open(people):
    payer, payee = people
    made, late = (wished(payer, wallet(payee).iban) for _ in range(2))
    approvals.withdraw(approval_id=made.approval_id, actor=payer)

    assert listed(payer) == [late.ref]
    assert in_the_way_of_closing(payer) == 1
    on("2026-11-26T09:00")
    assert in_the_way_of_closing(payer) == 0


def in_the_way_of_closing(payer):
    with reading():
        found = closing.obstacles([wallet(payer)])
    return sum(one.number for one in found if one.kind is closing.Kind.STANDING_ORDERS)


def test_what_nobody_approved_in_time_never_was_a_standing_order(people):
    payer, payee = people
    made, kept = wished(payer, wallet(payee).iban), set_up(payer, wallet(payee).iban)
    assert listed(payer) == [kept.ref, made.ref]

    on("2026-11-26T09:00")

    assert listed(payer) == [kept.ref]
    with reading(), pytest.raises(OrderUnknown):
        queries.order_by_ref(ref=made.ref)


def test_a_standing_order_pays_once_per_period_however_often_the_job_comes(people, sound):
    payer, payee = people
    made = set_up(payer, wallet(payee).iban)

    for moment in ("2026-11-30T04:00", "2026-11-30T05:00", "2026-11-30T18:00", "2026-12-01T09:00"):
        on(moment)
    assert runs(made) == [("2026-11", Result.PAID)]
    on("2026-12-30T09:00")

    assert runs(made) == [("2026-12", Result.PAID), ("2026-11", Result.PAID)]
    assert available(wallet(payee)) == eur("201")
    sound()


def test_a_large_payment_of_an_approved_order_asks_nobody_again(people):
    payer, payee = people
    made = set_up(payer, wallet(payee).iban, amount="400")

    on("2026-11-30T09:00")

    assert runs(made) == [("2026-11", Result.PAID)]


def test_nothing_is_paid_before_the_order_is_approved(people):
    payer, payee = people
    draft = set_up(payer, wallet(payee).iban)
    waiting = service.set_up(
        key=new_id(),
        owner_id=payer.person_id,
        like=_like(draft),
        amount=eur("50"),
        reference="",
        rhythm=service.Rhythm(cadence=Cadence.WEEKLY, first_on=date(2026, 11, 26)),
        actor=payer,
    )

    on("2026-11-26T09:00")

    assert runs(waiting) == []


def _like(made):
    with reading() as current:
        return current.execute(text("SELECT ref FROM banking.transfers LIMIT 1")).scalar_one()


def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_pays_once(
    people, monkeypatch, sound
):
    payer, payee = people
    made = set_up(payer, wallet(payee).iban)
    house_clock.freeze(datetime(2026, 11, 30, 9, tzinfo=UTC))

    def killed(*_, **__):
        raise SystemExit  # after the money was booked, before the commit

    with monkeypatch.context() as patched:
        patched.setattr(service, "_aim", killed)
        with pytest.raises(SystemExit):
            service.run_due(order_id=made.id, actor=SYSTEM)
    assert (runs(made), available(wallet(payee))) == ([], eur("1"))

    on("2026-11-30T10:00")
    on("2026-11-30T11:00")
    assert runs(made) == [("2026-11", Result.PAID)]
    assert available(wallet(payee)) == eur("101")
    sound()


def test_periods_that_the_bank_slept_through_are_reported_and_not_paid_late(people, outbox):
    payer, payee = people
    made = set_up(payer, wallet(payee).iban)

    on("2027-02-01T09:00")  # away since November: two missed, and January's is one day late

    assert runs(made) == [
        ("2027-01", Result.PAID),
        ("2026-12", Result.MISSED),
        ("2026-11", Result.MISSED),
    ]
    told = [(e.due_on, e.result) for e in outbox() if hasattr(e, "due_on")]
    assert told == [(date(2026, 11, 30), "missed"), (date(2026, 12, 30), "missed")]
    assert available(wallet(payee)) == eur("101")


def test_a_period_without_cover_fails_and_the_next_one_is_paid(people):
    payer, payee = people
    made = set_up(payer, wallet(payee).iban, amount="600")
    held = wallet_service.hold(
        key=new_id(),
        wallet_id=wallet(payer).id,
        amount=eur("900"),
        reason="test",
        subject="test",
        expires_at=datetime(2026, 12, 15, tzinfo=UTC),
        actor=SYSTEM,
    )
    assert held.remaining == eur("900")

    on("2026-11-30T09:00")
    on("2026-12-30T09:00")

    assert runs(made) == [("2026-12", Result.PAID), ("2026-11", Result.MISSED)]


def test_a_frozen_wallet_pays_no_standing_order_and_the_next_period_goes_on(people, outbox):
    payer, payee = people
    made = set_up(payer, wallet(payee).iban)
    bank.freeze(wallet_id=wallet(payer).id, freeze=bank.Freeze.DEBIT, actor=SYSTEM)

    on("2026-11-30T09:00")
    before = wallet(payer).posted
    bank.freeze(wallet_id=wallet(payer).id, freeze=bank.Freeze.NONE, actor=SYSTEM)
    on("2026-12-30T09:00")

    assert runs(made) == [("2026-12", Result.PAID), ("2026-11", Result.FAILED)]
    assert before == eur("999")
    assert unpaid(outbox) == [("failed", "account_frozen", None)]


@pytest.fixture
def short(people):
    """A standing order for 600 euro whose payer spends 900 of 1,000 first."""
    payer, payee = people
    made = set_up(payer, wallet(payee).iban, amount="600")
    wallet_service.hold(
        key=new_id(),
        wallet_id=wallet(payer).id,
        amount=eur("900"),
        reason="test",
        subject="test",
        expires_at=datetime(2026, 12, 1, 6, tzinfo=UTC),
        actor=SYSTEM,
    )
    return made


def unpaid(outbox):
    return [(e.result, e.reason, e.retry_at) for e in outbox() if isinstance(e, StandingRunNotPaid)]


def test_what_the_wallet_lacks_is_paid_at_a_later_try_and_once(people, short, outbox, sound):
    _, payee = people

    for moment in ("2026-11-30T09:00", "2026-11-30T10:00", "2026-11-30T15:00", "2026-12-01T14:59"):
        on(moment)
    assert runs(short) == []
    lacking = "insufficient_funds"
    assert unpaid(outbox) == [
        ("waiting", lacking, datetime(2026, 11, 30, 15, tzinfo=UTC)),
        ("waiting", lacking, datetime(2026, 12, 1, 15, tzinfo=UTC)),
    ]
    with reading():
        assert queries.order(order_id=short.id).retry_at == datetime(2026, 12, 1, 15, tzinfo=UTC)
    for moment in ("2026-12-01T15:00", "2026-12-01T15:10", "2026-12-02T15:00"):
        on(moment)

    assert runs(short) == [("2026-11", Result.PAID)]
    assert available(wallet(payee)) == eur("601")
    with reading():
        found = queries.order(order_id=short.id)
    assert (found.retry_at, found.coming[0]) == (None, date(2026, 12, 30))
    sound()


def test_what_the_wallet_lacks_at_every_try_is_missed_and_told_each_time(people, outbox, db):
    payer, payee = people
    made = set_up(payer, wallet(payee).iban, amount="1600")

    for moment in ("11-30T09:00", "11-30T15:00", "12-01T15:00", "12-02T15:00", "12-03T15:00"):
        on(f"2026-{moment}")

    assert runs(made) == [("2026-11", Result.MISSED)]
    assert [result for result, _, _ in unpaid(outbox)] == [*["waiting"] * 3, "missed"]
    for event in outbox():
        if isinstance(event, StandingRunNotPaid):
            with transaction(name="test", actor=SYSTEM):
                jobs.tell_of_unpaid(event)
    letters = [
        render_letter("banking/mail/standing.txt", "en", data)
        for data in db.execute(
            text(
                "SELECT data FROM kernel.mail WHERE template = 'banking/mail/standing.txt'"
                " ORDER BY created_at, id"
            )
        ).scalars()
    ]
    assert [letter.subject for letter in letters] == [
        *[english("Not enough money yet for %(payee)s", payee="Camille Martin")] * 3,
        english("A payment to %(payee)s wasn't made", payee="Camille Martin"),
    ]
    assert says(letters[0], "We'll try again at %(again)s, so please add the money")
    assert says(letters[3], "this payment was missed")


def test_pausing_ends_the_tries_of_the_period(people, short):
    payer, payee = people
    on("2026-11-30T09:00")
    service.pause(ref=short.ref, owner_id=payer.person_id, actor=payer)
    on("2026-12-02T09:00")
    service.resume(ref=short.ref, owner_id=payer.person_id, actor=payer)
    on("2026-12-02T15:00")

    assert runs(short) == []
    assert available(wallet(payee)) == eur("1")


def test_an_order_to_another_bank_is_made_on_a_business_day(people, db):
    payer, _ = people
    made = set_up(payer, "FR1420041010050500013M02606", first_on="2026-12-25", amount="25")

    on("2026-12-25T09:00")
    assert runs(made) == []
    on("2026-12-28T09:00")

    assert runs(made) == [("2026-12", Result.PAID)]


def test_a_paused_order_pays_nothing_for_the_pause(people):
    payer, payee = people
    made = set_up(payer, wallet(payee).iban)
    service.pause(ref=made.ref, owner_id=payer.person_id, actor=payer)
    on("2026-11-30T09:00")
    house_clock.freeze(datetime(2026, 12, 10, 9, tzinfo=UTC))

    service.resume(ref=made.ref, owner_id=payer.person_id, actor=payer)
    on("2026-12-30T09:00")

    assert runs(made) == [("2026-12", Result.PAID)]


def test_an_order_ends_after_its_last_day_or_when_its_owner_ends_it(people):
    payer, payee = people
    short = set_up(payer, wallet(payee).iban, last_on="2026-12-15")
    ended = set_up(payer, wallet(payee).iban)
    service.end(ref=ended.ref, owner_id=payer.person_id, actor=payer)

    on("2026-11-30T09:00")
    on("2026-12-30T09:00")

    assert (runs(short), runs(ended)) == ([("2026-11", Result.PAID)], [])
    with reading():
        assert queries.order(order_id=short.id).state is State.ENDED
    with pytest.raises(OrderOver):
        service.resume(ref=ended.ref, owner_id=payer.person_id, actor=payer)


def test_days_that_make_no_order_are_refused(people):
    payer, payee = people
    for day in ("2026-11-25", "2027-11-26"):
        with pytest.raises(FirstDayGone):
            set_up(payer, wallet(payee).iban, first_on=day)
    assert set_up(payer, wallet(payee).iban, first_on="2027-11-25").ref
    with pytest.raises(LastDayEarly):
        set_up(payer, wallet(payee).iban, last_on="2026-11-29")
