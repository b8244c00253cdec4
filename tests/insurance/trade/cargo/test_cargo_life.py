"""Covers of cargo go on risk, earn by the day and end; what they give back is what was shown."""

from datetime import date

import pytest

from banking.authorisation.approvals import service as approvals
from insurance.money.books.queries import control_accounts
from insurance.money.earnings import service as earnings
from insurance.trade.cargo import changing, errors, life, pricing, queries
from insurance.trade.cargo.rules import CargoState, Kind
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import available
from tests.insurance.trade.cargo.traders import bought, trader

START = Money.of("1000.00", "EUR")
NET = Money.of("176.06", "EUR")


@pytest.fixture(autouse=True)
def june(db, clock, books_agree):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)


def eur(amount):
    return Money.of(amount, "EUR")


def seen(policy):
    with reading():
        return queries.policy(policy_id=policy.id)


def account(column):
    with reading():
        return getattr(control_accounts()[0], column)


def ended(policy, actor):
    shown = changing.show_end(policy_id=policy.id, actor=actor)
    return shown, changing.confirm(ref=shown.ref, actor=actor)


def test_premium_is_earned_by_the_day_from_departure_and_whole_after_sixty_days(clock):
    actor, _ = trader()
    policy = bought(actor)
    assert life.go_on(actor=SYSTEM) == 0

    clock("2026-06-20T01:00")
    assert life.go_on(actor=SYSTEM) == 1
    assert life.go_on(actor=SYSTEM) == 0
    earnings.earn_until(day=date(2026, 6, 19), actor=SYSTEM)

    # Ten days of 105: 176.06 x 10 / 105.
    assert seen(policy).state is CargoState.ATTACHED
    assert account("earned_premium") == eur("16.77")
    life.say_discharged(policy_id=policy.id, day=date(2026, 6, 20), actor=actor)
    clock("2026-08-19T01:00")
    assert life.go_on(actor=SYSTEM) == 0
    clock("2026-08-20T01:00")
    assert life.go_on(actor=SYSTEM) == 1
    assert seen(policy).state is CargoState.COMPLETED
    assert account("earned_premium") == NET
    assert account("unearned_premium") == eur("0.00")


def test_by_air_cover_ends_thirty_days_after_discharge(clock):
    actor, _ = trader()
    policy = bought(actor, mode="AIR")

    clock("2026-06-12T09:00")
    life.say_discharged(policy_id=policy.id, day=date(2026, 6, 12), actor=actor)

    assert seen(policy).ends_by == date(2026, 7, 12)


def test_what_its_holder_says_has_arrived_ends_and_is_earned(clock):
    actor, wallet = trader()
    policy = bought(actor)
    for day, moment in ((date(2026, 6, 9), "2026-06-20T09:00"), (date(2026, 6, 21), None)):
        if moment:
            clock(moment)
        with pytest.raises(errors.CargoDayImpossible):
            life.say_arrived(policy_id=policy.id, day=day, actor=actor)

    done = life.say_arrived(policy_id=policy.id, day=date(2026, 6, 19), actor=actor)

    assert (done.state, done.arrived_on) == (CargoState.COMPLETED, date(2026, 6, 19))
    assert account("earned_premium") == NET
    with pytest.raises(errors.CargoNotInForce):
        life.say_arrived(policy_id=policy.id, day=date(2026, 6, 19), actor=actor)
    with pytest.raises(errors.CargoNotInForce):
        changing.show_end(policy_id=policy.id, actor=actor)
    assert available(wallet.id) == START - NET


def test_before_departure_everything_comes_back_and_room_on_the_ship_is_free_again():
    actor, wallet = trader()
    policy = bought(actor)

    shown, done = ended(policy, actor)

    assert (shown.kind, shown.back, shown.due) == (Kind.CANCEL, NET, eur("0.00"))
    assert done.executed_at is not None
    assert available(wallet.id) == START
    assert seen(policy).state is CargoState.CANCELLED
    with reading():
        assert pricing.travelling_with(policy.cargo.voyage, insurer_key="havre-cargo") == 0
    assert account("unearned_premium") == eur("0.00")
    assert changing.confirm(ref=shown.ref, actor=actor) == done


def test_on_the_way_the_tariff_gives_days_back_for_two_weeks(clock):
    actor, wallet = trader()
    policy, late = bought(actor), bought(actor)

    clock("2026-06-13T10:00")
    life.go_on(actor=SYSTEM)
    earnings.earn_until(day=date(2026, 6, 12), actor=SYSTEM)
    shown, _ = ended(policy, actor)

    # Four started days of 105 are kept: 176.06 x 4 / 105 = 6.71.
    assert (shown.back, shown.kept.net) == (eur("169.35"), eur("6.71"))
    assert available(wallet.id) == START - NET - eur("6.71")
    # The other policy has earned three whole days.
    assert account("earned_premium") == eur("6.71") + eur("5.03")
    clock("2026-06-15T10:00")
    with pytest.raises(errors.CargoNotCancelled):
        changing.show_end(policy_id=late.id, actor=actor)


def test_a_price_that_was_shown_is_done_as_it_stands_or_not_at_all(clock):
    actor, wallet = trader()
    policy = bought(actor)
    shown = changing.show_end(policy_id=policy.id, actor=actor)
    soon = changing.show_end(policy_id=policy.id, actor=actor)

    clock("2026-06-01T09:15")
    with pytest.raises(errors.CargoChangeExpired):
        changing.confirm(ref=shown.ref, actor=actor)
    other, _ = trader()
    with pytest.raises(errors.CargoChangeUnknown):
        changing.confirm(ref=soon.ref, actor=other)
    assert available(wallet.id) == START - NET
