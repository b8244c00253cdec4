"""A declared shipment that does not leave is withdrawn: its premium comes back under its cover."""

import threading
from datetime import UTC, date, datetime

import pytest

from banking import api as bank
from insurance.money.books import deposits
from insurance.reporting.bordereaux import queries as bordereaux
from insurance.reporting.bordereaux import service as closing
from insurance.trade.cargo import errors as cargo_errors
from insurance.trade.cargo import life
from insurance.trade.cargo import queries as cargo
from insurance.trade.cargo.rules import CargoState
from insurance.trade.cargo_claims import service as claims
from insurance.trade.cargo_claims.errors import CargoLossOutside
from insurance.trade.cargo_claims.rules import Kind
from insurance.trade.clauses.queries import Peril
from insurance.trade.open_cover import errors, months, queries, running, withdrawing
from insurance.trade.open_cover.events import OpenCoverNews
from insurance.trade.open_cover.proofs import PROOF
from insurance.trade.open_cover.rules import State, returned
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from tests.banking.bank_objects import outcomes
from tests.insurance.conftest import available
from tests.insurance.trade.open_cover.conftest import (
    UNDERWRITER,
    accepted,
    declared,
    eur,
    holder,
    paid,
    seen,
)

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


def standing(actor, ref):
    """Deposit and debt of a cover, which the ledger says alike."""
    cover = seen(actor, ref)
    with reading():
        held, owed = deposits.standing()
    assert PROOF.prove()[0], PROOF.prove()[1]
    assert (cover.deposit, cover.owed) == (held.get(ref, eur(0)), owed.get(ref, eur(0)))
    return cover.deposit, cover.owed


def withdrawn(actor, ref, line):
    return withdrawing.withdraw(ref=ref, number=line.number, actor=actor)


def policy_of(actor, line):
    with reading():
        return cargo.policy_for(actor, line.number)


def moved(line):
    return line.off_owed, line.to_deposit


@pytest.mark.parametrize(
    ("owed", "own", "later", "expected"),
    [
        # All of it is owed: nothing reaches the deposit.
        ("100", "100", "0", ("100", "0", "0")),
        # It was drawn from the deposit and nothing is owed.
        ("0", "0", "0", ("0", "0", "100")),
        # A part was owed, and is still.
        ("40", "40", "0", ("40", "0", "60")),
        # What was owed of it is paid, and what came later is owed still: that is set off.
        ("30", "40", "30", ("0", "30", "70")),
        # Half of what was owed of it is paid.
        ("50", "40", "30", ("20", "30", "50")),
        # More is owed elsewhere than comes back.
        ("500", "100", "200", ("100", "0", "0")),
        ("250", "0", "0", ("0", "100", "0")),
    ],
)
def test_what_comes_back_pays_its_own_debt_then_others_then_the_deposit(owed, own, later, expected):
    back = returned(eur("100"), eur(owed), own=eur(own), later=eur(later))

    assert (back.off_own, back.off_others, back.to_deposit) == tuple(map(eur, expected))
    assert back.off_owed + back.to_deposit == eur("100")


def test_what_the_deposit_paid_goes_back_into_it_and_never_into_the_wallet(outbox, books_agree):
    actor, wallet = holder()
    cover = accepted(actor)
    line = declared(actor, cover.ref)

    done = withdrawn(actor, cover.ref, line)

    assert moved(done) == (eur(0), eur("132.88"))
    assert (done.withdrawn_by, done.withdrawn_at) == (actor.person_id, house_clock.now())
    assert standing(actor, cover.ref) == (eur("200.00"), eur(0))
    assert available(wallet.id) == eur("800.00")
    policy = policy_of(actor, line)
    assert (policy.state, policy.ended_at) == (CargoState.CANCELLED, house_clock.now())
    with reading():
        history = queries.history_of(seen(actor, cover.ref))
    (entry,) = [one for one in history if one.what == "withdrawn"]
    assert (entry.data["reference"], entry.data["deposit"]) == ("TB-1", 13288)
    told = [one.what for one in outbox() if isinstance(one, OpenCoverNews) and one.ref == cover.ref]
    assert told.count("withdrawn") == 1


def test_what_is_only_owed_is_let_off_and_the_rest_goes_into_the_deposit(books_agree):
    actor, wallet = holder()
    cover = accepted(actor, deposit=eur("10.00"))
    line = declared(actor, cover.ref)
    assert standing(actor, cover.ref) == (eur(0), eur("122.88"))

    assert moved(withdrawn(actor, cover.ref, line)) == (eur("122.88"), eur("10.00"))

    assert standing(actor, cover.ref) == (eur("10.00"), eur(0))
    assert available(wallet.id) == eur("990.00")


def test_a_cover_stands_as_if_the_shipment_had_never_been_declared(books_agree):
    actor, _ = holder()
    cover = accepted(actor)
    first, second = declared(actor, cover.ref, "A"), declared(actor, cover.ref, "B")
    assert second.owed == eur("65.76")

    # Without the first the deposit would have paid the second.
    assert moved(withdrawn(actor, cover.ref, first)) == (eur("65.76"), eur("67.12"))
    assert standing(actor, cover.ref) == (eur("67.12"), eur(0))

    assert moved(withdrawn(actor, cover.ref, second)) == (eur(0), eur("132.88"))
    assert standing(actor, cover.ref) == (eur("200.00"), eur(0))


def test_what_was_owed_and_paid_since_goes_into_the_deposit(books_agree):
    actor, wallet = holder()
    cover = accepted(actor, deposit=eur("10.00"))
    line = declared(actor, cover.ref)
    paid(actor, cover.ref)
    before = available(wallet.id)

    assert moved(withdrawn(actor, cover.ref, line)) == (eur(0), eur("132.88"))

    assert standing(actor, cover.ref) == (eur("132.88"), eur(0))
    assert available(wallet.id) == before


def test_asked_twice_is_once(books_agree):
    actor, _ = holder()
    cover = accepted(actor)
    line = declared(actor, cover.ref)

    assert withdrawn(actor, cover.ref, line) == withdrawn(actor, cover.ref, line)

    assert standing(actor, cover.ref) == (eur("200.00"), eur(0))


def test_its_limits_are_free_again_and_the_year_does_not_count_it(books_agree):
    actor, _ = holder()
    cover = accepted(actor)
    first = declared(actor, cover.ref, "A")
    declared(actor, cover.ref, "B")
    with pytest.raises(errors.ConveyanceLimit):
        declared(actor, cover.ref, "C")

    withdrawn(actor, cover.ref, first)

    declared(actor, cover.ref, "C")
    with reading():
        conveyances, places = queries.uses_of(seen(actor, cover.ref))
        year = queries.year_of(cover.id, "EUR")
    assert {use.used for use in (*conveyances, *places)} == {eur("44294")}
    assert (year.cif, year.net) == (eur("40265.76"), eur("265.76"))


def test_a_withdrawn_reference_is_refused_and_another_is_taken(books_agree):
    actor, _ = holder()
    cover = accepted(actor)
    line = declared(actor, cover.ref)
    withdrawn(actor, cover.ref, line)

    for value in ("20000.00", "15000.00"):
        with pytest.raises(errors.ShipmentWithdrawn) as refused:
            declared(actor, cover.ref, value=value)
        assert refused.value.data == {"number": line.number}

    assert declared(actor, cover.ref, "TB-1a").number != line.number


def test_nothing_is_withdrawn_once_it_has_left(clock, books_agree):
    actor, _ = holder()
    cover = accepted(actor)
    line = declared(actor, cover.ref)
    clock("2026-06-10T00:00:01")
    before = standing(actor, cover.ref)

    # Whether the night's work has put it on risk yet or not.
    with pytest.raises(cargo_errors.CargoHasLeft):
        withdrawn(actor, cover.ref, line)
    life.go_on(actor=SYSTEM)
    with pytest.raises(cargo_errors.CargoHasLeft):
        withdrawn(actor, cover.ref, line)

    assert standing(actor, cover.ref) == before
    assert policy_of(actor, line).state is CargoState.ATTACHED


def lost(actor, line):
    return claims.notify(
        policy_id=line.policy_id,
        kind=Kind.DAMAGE,
        peril=Peril.SEAWATER,
        claimed=eur("100.00"),
        loss_on=date(2026, 6, 10),
        description="Wet.",
        actor=actor,
    )


def test_nothing_is_withdrawn_once_a_loss_was_reported(clock, books_agree):
    actor, _ = holder()
    cover = accepted(actor)
    line = declared(actor, cover.ref)
    clock("2026-06-10T12:00")
    lost(actor, line)

    with pytest.raises(cargo_errors.CargoClaimed):
        withdrawn(actor, cover.ref, line)


def test_nothing_is_withdrawn_once_the_year_is_settled(clock, books_agree):
    actor, _ = holder()
    cover = accepted(actor)
    line = declared(actor, cover.ref, departs_on=date(2026, 9, 1))
    running.give_notice(ref=cover.ref, is_war=False, actor=actor)
    clock("2026-07-02T09:00")
    running.mind(ref=cover.ref, actor=SYSTEM)
    running.adjust(ref=cover.ref, turnover=eur("0.00"), actor=UNDERWRITER)

    with pytest.raises(errors.DeclarationSettled):
        withdrawn(actor, cover.ref, line)


def test_a_stranger_and_another_cover_know_nothing_of_it(books_agree):
    actor, _ = holder()
    cover, other = accepted(actor), accepted(actor)
    line = declared(actor, cover.ref)
    stranger = Actor(person_id=new_id(), roles=frozenset({Role.BUYER}))

    with pytest.raises(errors.OpenCoverUnknown):
        withdrawn(stranger, cover.ref, line)
    with pytest.raises(errors.DeclaredShipmentUnknown):
        withdrawn(actor, other.ref, line)


def test_a_suspended_cover_goes_on_once_a_return_leaves_nothing_overdue(clock, books_agree):
    actor, _ = holder()
    cover = accepted(actor, deposit=eur("10.00"))
    line = declared(actor, cover.ref, departs_on=date(2026, 9, 1))
    clock("2026-07-16T00:30")
    assert running.mind(ref=cover.ref, actor=SYSTEM).state is State.SUSPENDED

    withdrawn(actor, cover.ref, line)

    after = seen(actor, cover.ref)
    assert (after.state, after.overdue, after.owed) == (State.ACTIVE, eur(0), eur(0))


def test_a_return_makes_nothing_else_fall_due_earlier(clock, books_agree):
    actor, _ = holder()
    cover = accepted(actor, deposit=eur("10.00"))
    declared(actor, cover.ref, "A")
    clock("2026-07-01T09:00")
    line = declared(actor, cover.ref, "B", departs_on=date(2026, 9, 1))
    clock("2026-07-16T00:30")
    assert seen(actor, cover.ref).overdue == eur("122.88")

    # What is owed of it is not due yet, so what is overdue stays as it was.
    assert moved(withdrawn(actor, cover.ref, line)) == (eur("132.88"), eur(0))
    assert seen(actor, cover.ref).overdue == eur("122.88")


def test_a_month_shows_the_return_closes_and_differs_from_its_journals_in_nothing(
    clock, books_agree
):
    actor, _ = holder()
    cover = accepted(actor)
    kept, line = declared(actor, cover.ref, "A"), declared(actor, cover.ref, "B", "5000.00")
    later = declared(actor, cover.ref, "C", "5000.00", departs_on=date(2026, 9, 1))
    withdrawn(actor, cover.ref, line)
    clock("2026-07-02T09:00")
    withdrawn(actor, cover.ref, later)
    clock("2026-08-01T09:00")

    with reading():
        june, july = (months.bordereau(seen(actor, cover.ref), month) for month in (JUNE, JULY))
        assert months.months_of(seen(actor, cover.ref)) == [JULY, JUNE]
    assert [one.number for one in june.lines] == [kept.number, line.number, later.number]
    assert [one.number for one in june.returns] == [line.number]
    assert (list(july.lines), [one.number for one in july.returns]) == ([], [later.number])
    assert june.net == kept.net + later.net
    assert july.net == -later.net
    for month, own in ((JUNE, june), (JULY, july)):
        where = {"month": month, "insurer_key": "havre-cargo", "currency": "EUR"}
        with reading():
            shown = bordereaux.month_of(**where, actor=UNDERWRITER)
        assert shown.differences == []
        assert shown.totals["premium"]["net"] == own.net.minor
        back = shown.of_kind("premium")[-1]
        assert back.cells["transaction"] == "cancellation"
        assert back.subject == own.returns[0].number
        closing.close(**where, actor=UNDERWRITER)


@pytest.fixture
def two_days(monkeypatch):
    """Let each thread live in an instant of its own: before midnight, or after it."""
    here = threading.local()
    monkeypatch.setattr(
        house_clock, "now", lambda: getattr(here, "now", datetime(2026, 6, 9, 23, 59, tzinfo=UTC))
    )

    def after_departure(work):
        here.now = datetime(2026, 6, 10, 0, 1, tzinfo=UTC)
        return work()

    return after_departure


def winners(actor, cover, line):
    """What of a race is left, with books that agree: the policy's state, deposit and debt."""
    with reading():
        assert bank.verify_ledger().balanced
    return policy_of(actor, line).state, *standing(actor, cover.ref)


@pytest.mark.parametrize("turn", range(2))
def test_of_a_withdrawal_and_its_departure_at_once_one_is_left(own_database, two_days, turn):
    actor, _ = holder()
    cover = accepted(actor, starts_on=date(2026, 6, 9))
    line = declared(actor, cover.ref)
    works = (
        lambda: withdrawn(actor, cover.ref, line),
        lambda: two_days(lambda: life.go_on(actor=SYSTEM)),
    )

    back, left = outcomes(2, lambda place: works[place]())

    state, deposit, owed = winners(actor, cover, line)
    if isinstance(back, cargo_errors.CargoHasLeft):
        assert (state, left, deposit) == (CargoState.ATTACHED, 1, eur("67.12")), (back, left)
    else:
        assert (state, left, deposit) == (CargoState.CANCELLED, 0, eur("200.00")), (back, left)
    assert owed == eur(0)


@pytest.mark.parametrize("turn", range(2))
def test_of_a_withdrawal_and_a_claim_at_once_one_is_left(own_database, two_days, turn):
    actor, _ = holder()
    cover = accepted(actor, starts_on=date(2026, 6, 9))
    line = declared(actor, cover.ref)
    works = (
        lambda: withdrawn(actor, cover.ref, line),
        lambda: two_days(lambda: lost(actor, line)),
    )

    back, claim = outcomes(2, lambda place: works[place]())

    state, deposit, _ = winners(actor, cover, line)
    if isinstance(back, cargo_errors.CargoClaimed):
        assert (state, deposit) == (CargoState.ATTACHED, eur("67.12"))
        assert claim.claimed == eur("100.00")
    else:
        assert isinstance(claim, CargoLossOutside), (back, claim)
        assert (state, deposit) == (CargoState.CANCELLED, eur("200.00"))


def test_four_withdrawals_at_once_return_the_premium_once(own_database):
    actor, _ = holder()
    cover = accepted(actor)
    line = declared(actor, cover.ref)

    found = outcomes(4, lambda _: withdrawn(actor, cover.ref, line))

    assert len({one.withdrawn_at for one in found}) == 1, found
    assert winners(actor, cover, line) == (CargoState.CANCELLED, eur("200.00"), eur(0))
