"""A month of an insurer: every line names its journals, and closes once it agrees with them."""

from datetime import date, timedelta
from threading import Thread

import pytest
from sqlalchemy import text

from banking.authorisation.approvals import service as approvals
from insurance import api as cover
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies import service as policy_service
from insurance.losses.recovery import service as carriers
from insurance.money.books import queries as books
from insurance.reporting.bordereaux import queries, service
from insurance.reporting.bordereaux.errors import (
    EarlierMonthOpen,
    MonthDiffers,
    MonthNotOver,
    MonthUnknown,
)
from insurance.trade.cargo import service as cargo
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.money import Money
from tests.insurance.conftest import buy, drain, fund, make_rate, make_wallet, scan
from tests.insurance.contracts.insuring.buying import bought, informed, moneyed, policy_of
from tests.insurance.contracts.policies.test_policies import V2, balance
from tests.insurance.losses.claims.claiming import officer
from tests.insurance.losses.recovery import recovering
from tests.insurance.trade.cargo.conftest import make_cargo

JUNE = {"month": date(2026, 6, 1), "insurer_key": "havre-cargo", "currency": "EUR"}
JULY = JUNE | {"month": date(2026, 7, 1)}


def on(clock, day):
    clock(f"2026-{day}T09:00")


def month(named=JUNE):
    with reading():
        return queries.month_of(**named, actor=SYSTEM)


@pytest.fixture
def june(clock, books_agree):
    """One policy stands, one is withdrawn on risk, one is lost and paid."""
    on(clock, "06-01")
    fund()
    stands, withdrawn, lost = buy(**V2), buy(**V2), buy(**V2)
    for policy in (withdrawn, lost):
        scan(policy)
    on(clock, "06-04")
    with reading():
        preview = policies.refund_preview(policies.policy(policy_id=withdrawn.id))
    policy_service.withdraw(policy_id=withdrawn.id, expected_refund=preview.refund, actor=SYSTEM)
    evidence = {"events": [{"code": "lost", "at": "2026-06-04T08:00:00+00:00"}]}
    claim = cover.parcel_lost(
        parcel_ref=lost.parcel_ref, at=kernel_clock.now(), evidence=evidence, actor=SYSTEM
    )
    drain()
    return stands, withdrawn, lost, claim


def test_a_month_is_derived_again_from_its_journals(db, clock, june):
    stands, withdrawn, _, claim = june
    seen = month()

    assert seen.differences == []
    premium = seen.of_kind("premium")
    assert [line.cells["transaction"] for line in premium] == ["new"] * 3 + ["cancellation"]
    assert all(len(line.journals) == 2 for line in premium)
    (first, *_) = premium
    assert (first.subject, first.cells["certificate"]) == (stands.number, stands.number)
    assert [first.cells[part] for part in ("gross", "net", "tax", "commission", "net_due")] == [
        226,
        190,
        36,
        38,
        152,
    ]
    assert (first.cells["tax_territory"], first.cells["tax_rate"]) == ("DE", "18.95")
    assert premium[-1].subject == withdrawn.number

    # The totals are what the accounts hold: nothing else was booked.
    assert seen.totals["premium"]["net_due"] == balance("premium_payable")
    assert seen.totals["premium"]["tax"] == balance("premium_tax_payable", "DE")
    assert seen.totals["tax"]["tax"] == seen.totals["premium"]["tax"]
    (loss,) = seen.of_kind("claims")
    assert loss.subject == claim.ref
    with reading():
        (control,) = cover.control_accounts()
    assert Money(loss.cells["incurred_indemnity"], "EUR") == control.claims_incurred
    assert loss.journals


def test_a_closed_month_keeps_its_lines_and_later_ones_go_into_the_next(db, clock, june):
    on(clock, "06-30")
    with pytest.raises(MonthNotOver):
        service.close(**JUNE, actor=SYSTEM)
    on(clock, "07-01")
    closed = service.close(**JUNE, actor=SYSTEM)
    assert closed.closed is not None
    assert len(closed.closed.hash) == 64
    assert service.close(**JUNE, actor=SYSTEM) == closed

    stands = june[0]
    cover.cancel_for_parcel(parcel_ref=stands.parcel_ref, reason="gone", actor=SYSTEM)

    assert month() == closed
    (line,) = month(JULY).of_kind("premium")
    assert (line.subject, line.cells["transaction"]) == (stands.number, "cancellation")
    assert month(JULY).differences == []


def test_months_are_closed_in_order(db, clock, june):
    on(clock, "07-02")
    buy(**V2)
    on(clock, "08-01")

    with pytest.raises(EarlierMonthOpen):
        service.close(**JULY, actor=SYSTEM)
    service.close(**JUNE, actor=SYSTEM)
    service.close(**JULY, actor=SYSTEM)

    with pytest.raises(MonthUnknown):
        month(JUNE | {"currency": "USD"})


def test_a_line_that_says_something_else_keeps_the_month_open(db, clock, june):
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(
            text("UPDATE insurance.premium_moves SET tax = tax + 1 WHERE subject = :subject"),
            {"subject": june[0].number},
        )
    on(clock, "07-01")

    with pytest.raises(MonthDiffers) as differs:
        service.close(**JUNE, actor=SYSTEM)

    assert differs.value.data["line"] == 1
    assert differs.value.data["subject"] == june[0].number
    assert month().closed is None


def test_a_journal_without_a_line_keeps_the_month_open(db, clock, june):
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(
            text("DELETE FROM insurance.premium_moves WHERE subject = :subject"),
            {"subject": june[0].number},
        )
    on(clock, "07-01")

    with pytest.raises(MonthDiffers) as differs:
        service.close(**JUNE, actor=SYSTEM)

    assert differs.value.data["subject"] == june[0].number


def test_a_month_closes_with_what_carriers_accepted_paid_and_gave_up(db, clock, books_agree):
    on(clock, "06-01")
    fund()
    policy = recovering.lost()
    recovering.answered()
    (line,) = month().of_kind("claims")
    assert (line.cells["recoveries"], month().differences) == (7605, [])

    case = recovering.case_of(policy).ref
    maker, checker = officer(), officer()
    carriers.receive(
        ref=case, amount=Money.of("30.00", "EUR"), before=Money.zero("EUR"), actor=maker
    )
    carriers.propose_waiver(ref=case, reason="Insolvent.", actor=maker)
    carriers.confirm_waiver(ref=case, actor=checker)
    on(clock, "07-01")

    closed = service.close(**JUNE, actor=SYSTEM)
    (line,) = closed.of_kind("claims")
    assert line.cells["recoveries"] == 3000


def test_money_of_a_carrier_without_a_line_keeps_the_month_open(db, clock):
    on(clock, "06-01")
    fund()
    policy = recovering.lost()
    recovering.answered()
    ref = recovering.case_of(policy).ref
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(
            text("DELETE FROM insurance.claim_moves WHERE subject = :subject"), {"subject": ref}
        )

    (differs,) = month().differences

    assert (differs.kind, differs.number, differs.subject) == ("claims", 0, ref)


def test_months_are_listed_by_insurer_and_currency_without_those_in_which_nothing_was_booked(
    db, clock, books_agree
):
    on(clock, "03-31")
    fund()
    lost = buy(**V2)
    scan(lost)
    on(clock, "04-05")
    make_rate("USD", "1.1")
    buy(currency="USD")
    buy(**V2, wallet=make_wallet())
    on(clock, "06-02")
    evidence = {"events": [{"code": "lost", "at": "2026-06-02T08:00:00+00:00"}]}
    cover.parcel_lost(
        parcel_ref=lost.parcel_ref, at=kernel_clock.now(), evidence=evidence, actor=SYSTEM
    )
    drain()

    with reading():
        known = [
            (f"{one.month:%m}", one.insurer_key, one.currency)
            for one in queries.months(actor=SYSTEM)
        ]

    assert known == [
        ("06", "havre-cargo", "EUR"),
        ("04", "havre-cargo", "EUR"),
        ("04", "havre-cargo", "USD"),
        ("03", "havre-cargo", "EUR"),
    ]


def test_what_was_under_way_when_a_month_was_closed_stands_in_the_next(db, clock, june):
    on(clock, "07-01")
    service.close(**JUNE, actor=SYSTEM)
    with transaction(name="test", actor=SYSTEM) as current:
        # As if it had been booked in June and committed in July.
        number, what = current.execute(
            text(
                "DELETE FROM insurance.closed_moves WHERE register = 'premium' AND move_id ="
                " (SELECT max(id) FROM insurance.premium_moves) RETURNING move_id, register"
            )
        ).one()
    buy(**V2)

    seen = month(JULY)

    assert seen.differences == []
    assert seen.of_kind(what)[0].moves == (number,)
    assert [line.cells["transaction"] for line in seen.of_kind(what)] == ["cancellation", "new"]


def test_what_is_bought_in_the_bank_stands_beside_the_journal_that_paid_for_it(
    db, clock, books_agree
):
    on(clock, "06-01")
    actor, _ = moneyed()
    shipment = informed(actor)
    bought(shipment, actor)

    seen = month()

    assert seen.differences == []
    (line,) = seen.of_kind("premium")
    assert line.subject == policy_of(shipment, actor).number
    assert len(line.journals) == 2


def test_cargo_stands_beside_the_journal_that_paid_for_it_and_says_what_it_is(
    db, clock, books_agree
):
    on(clock, "06-01")
    actor, _ = moneyed("5000.00")
    quote = cargo.quote(cargo=make_cargo(), owner_id=actor.person_id, actor=actor)
    cargo.note_opened(ref=quote.ref, language="en", actor=actor)
    done = cargo.buy(ref=quote.ref, need="As agreed.", locale="en", actor=actor)
    approvals.give(approval_id=done.approval_id, method="totp", actor=actor)

    seen = month()

    assert seen.differences == []
    (line,) = seen.of_kind("premium")
    assert line.subject.startswith("K26-")
    assert len(line.journals) == 2
    columns = ("insured", "insured_kind", "risk_location", "class", "inception")
    assert [line.cells[column] for column in columns] == [
        "Teehaus Brandt GmbH",
        "business",
        "CN-DE",
        "icc_a 830621",
        "2026-06-01",
    ]
    assert Money(line.cells["gross"], "EUR") == quote.price.total
    assert Money(line.cells["sum_insured"], "EUR") == quote.price.sum_insured


@pytest.mark.parametrize("is_given_up", [False, True])
def test_what_a_carrier_owes_stands_with_the_claim_it_is_owed_for(
    db, clock, books_agree, is_given_up
):
    on(clock, "06-01")
    fund()
    policy = recovering.lost()
    recovering.answered()
    case = recovering.case_of(policy)
    if is_given_up:
        carriers.propose_waiver(ref=case.ref, reason="Too small.", actor=officer())
        carriers.confirm_waiver(ref=case.ref, actor=officer())
    else:
        carriers.receive(
            ref=case.ref, amount=case.accepted, before=recovering.eur("0"), actor=officer()
        )

    seen = month()
    with reading():
        booked = [one.words for one in books.record_of(case.ref)]

    accepted, given_up = (books.WORDS[what] for what in ("recovery_accepted", "recovery_given_up"))
    assert booked == [accepted, *[given_up] * is_given_up]
    assert seen.differences == []
    (line,) = seen.of_kind("claims")
    assert line.subject == recovering.claim_of(policy).ref
    assert line.cells["recoveries"] == (0 if is_given_up else 7605)
    on(clock, "07-01")
    service.close(**JUNE, actor=SYSTEM)


def test_two_who_close_at_once_close_once(own_database, clock):
    on(clock, "06-01")
    buy(**V2)
    clock((kernel_clock.now() + timedelta(days=40)).isoformat())
    both = [Thread(target=service.close, kwargs={**JUNE, "actor": SYSTEM}) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    with reading() as current:
        assert (
            current.execute(text("SELECT count(*) FROM insurance.closed_moves")).scalar_one() == 1
        )
