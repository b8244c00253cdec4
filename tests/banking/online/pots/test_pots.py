"""Money set aside inside a wallet."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from bank_objects import available, eur, make_wallet, outcomes, transfer
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from banking import api as bank
from banking.online.pots import queries, rules, service
from banking.online.pots.errors import PotClosed, PotKeyReused, PotTooSmall, TooManyPots
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.errors import HouseError
from kernel.ids import new_id
from kernel.money import Money


def make_pot(wallet, saved="0", *, name="Tea journey", target=None, due_on=None):
    pot = service.open_pot(
        key=new_id(), wallet_id=wallet.id, name=name, target=target, due_on=due_on, actor=SYSTEM
    )
    return put(pot, saved) if eur(saved) else pot


def put(pot, amount, key=None):
    return service.put_in(key=key or new_id(), pot_id=pot.id, amount=eur(amount), actor=SYSTEM)


def take(pot, amount, key=None):
    return service.take_out(key=key or new_id(), pot_id=pot.id, amount=eur(amount), actor=SYSTEM)


def pot_of(pot):
    with reading():
        return queries.pot(pot_id=pot.id)


def test_what_is_set_aside_stays_in_the_wallet_and_is_not_spent(db, sound):
    wallet, other = make_wallet("100"), make_wallet()
    make_pot(wallet, "70")

    with reading():
        seen = bank.wallet(wallet_id=wallet.id)
    assert (seen.posted, seen.held, seen.available) == (eur("100"), eur("70"), eur("30"))
    with pytest.raises(bank.InsufficientFunds):
        transfer(wallet, other, eur("30.01"))
    transfer(wallet, other, eur("30"))
    sound()


def test_taking_out_a_part_keeps_the_rest_and_all_of_it_can_be_put_in_again(db, sound):
    wallet = make_wallet("100")
    pot = make_pot(wallet, "70")

    assert take(pot, "20").saved == eur("50")
    assert available(wallet) == eur("50")
    assert take(pot, "50").saved == eur("0")
    assert available(wallet) == eur("100")
    assert put(pot, "100").saved == eur("100")
    assert available(wallet) == eur("0")
    sound()


def test_more_than_is_in_a_pot_does_not_come_out_of_it(db):
    pot = make_pot(make_wallet("100"), "70")

    with pytest.raises(PotTooSmall) as refused:
        take(pot, "70.01")

    assert refused.value.data == {"saved": eur("70")}
    assert pot_of(pot).saved == eur("70")


def test_more_than_is_available_does_not_go_into_a_pot(db):
    pot = make_pot(make_wallet("100"), "70")

    with pytest.raises(bank.InsufficientFunds):
        put(pot, "30.01")

    assert pot_of(pot).saved == eur("70")


def test_the_same_key_moves_once_and_never_another_amount(db):
    wallet = make_wallet("100")
    pot, key = make_pot(wallet), new_id()

    assert put(pot, "10", key).saved == put(pot, "10", key).saved == eur("10")
    with pytest.raises(PotKeyReused):
        put(pot, "11", key)
    with pytest.raises(PotKeyReused):
        take(pot, "10", key)
    assert available(wallet) == eur("90")


def test_a_closed_pot_gives_everything_back_and_takes_nothing_more(db, sound):
    wallet = make_wallet("100")
    pot = make_pot(wallet, "70")

    service.close(pot_id=pot.id, actor=SYSTEM)
    assert service.close(pot_id=pot.id, actor=SYSTEM).is_closed

    assert available(wallet) == eur("100")
    with pytest.raises(PotClosed):
        put(pot, "1")
    sound()


def test_a_frozen_wallet_gives_back_a_whole_pot_but_fills_none(db):
    wallet = make_wallet("100")
    pot = make_pot(wallet, "70")
    bank.freeze(wallet_id=wallet.id, freeze=bank.Freeze.DEBIT, actor=SYSTEM)

    with pytest.raises(bank.AccountFrozen):
        put(pot, "1")
    assert take(pot, "70").saved == eur("0")


def test_a_wallet_has_room_for_a_limited_number_of_pots(db, monkeypatch):
    monkeypatch.setattr(rules, "MOST", 2)
    wallet = make_wallet()
    first = make_pot(wallet)
    make_pot(wallet)

    with pytest.raises(TooManyPots) as refused:
        make_pot(wallet)
    assert refused.value.data == {"most": 2}

    service.close(pot_id=first.id, actor=SYSTEM)
    make_pot(wallet)


def test_what_went_in_and_out_is_evidence(db):
    make_pot(make_wallet("100"), "70")

    for change in ("DELETE FROM banking.pot_moves", "UPDATE banking.pot_moves SET seq = 1"):
        with pytest.raises(ProgrammingError, match="permission denied"), db.begin_nested():
            db.execute(text(change))


def test_presses_at_once_open_one_pot_and_never_one_too_many(own_database):
    wallet, key = make_wallet("100"), new_id()

    def press(place):
        name = "Tea" if place % 2 else f"Pot {place}"
        return service.open_pot(
            key=key if place % 2 else new_id(),
            wallet_id=wallet.id,
            name=name,
            target=None,
            due_on=None,
            actor=SYSTEM,
        )

    for _ in range(rules.MOST - 6):
        make_pot(wallet)
    found = outcomes(24, press)

    assert {type(one).__name__ for one in found} <= {"PotView", "TooManyPots"}
    with reading() as current:
        named = current.execute(text("SELECT name FROM banking.pots WHERE name = 'Tea'")).all()
        all_of = current.execute(text("SELECT count(*) FROM banking.pots")).scalar_one()
    assert len(named) <= 1
    assert all_of == rules.MOST


def test_fifty_threads_never_set_aside_more_than_the_wallet_holds(own_database, sound):
    wallet, other = make_wallet("100"), make_wallet()
    pots = [make_pot(wallet, "5", name=f"Pot {n}") for n in range(5)]
    seen = []

    def act(place):
        # Each does what its number says, some of them things that others have made impossible.
        mine = pots[place % 5]
        acts = {
            0: lambda: put(make_pot(wallet, name=f"New {place}"), "7"),
            1: lambda: put(mine, "9"),
            2: lambda: take(mine, "3"),
            3: lambda: transfer(wallet, other, eur("4")),
            4: lambda: service.change(
                pot_id=mine.id,
                name=f"Renamed {place}",
                target=eur("50"),
                due_on=None,
                actor=SYSTEM,
            ),
            5: lambda: service.close(pot_id=pots[place % 2].id, actor=SYSTEM),
        }
        for step in range(4):
            with suppress(HouseError):
                acts[(place + step) % 6]()
            with reading() as current:
                seen.append(current.execute(_TOGETHER, {"wallet": wallet.id}).one())

    faults = [found for found in outcomes(50, act) if found is not None]

    assert faults == []
    assert [row for row in seen if not row.aside == row.held <= row.posted] == []
    assert len(seen) == 200
    sound()


_TOGETHER = text(
    """
    SELECT a.posted, a.held, coalesce((
        SELECT sum(h.amount - h.captured - h.released) FROM banking.pots p
        JOIN banking.holds h ON h.id = p.hold_id WHERE p.wallet_id = w.id
    ), 0) AS aside
    FROM banking.wallets w JOIN banking.ledger_accounts a ON a.id = w.account_id
    WHERE w.id = :wallet
    """
)


@pytest.mark.parametrize(
    ("saved", "target", "percent"),
    [
        ("0", "100", 0),
        ("99.99", "100", 99),
        ("100", "100", 100),
        ("250", "100", 100),
        ("5", None, 0),
    ],
)
def test_a_pot_is_full_only_when_all_of_it_is_there(saved, target, percent):
    wanted = eur(target) if target else None
    assert rules.progress(saved=eur(saved), target=wanted) == percent


@pytest.mark.parametrize(
    ("due_on", "monthly"),
    [
        (date(2026, 11, 25), "100"),
        (date(2026, 12, 1), "50"),
        (date(2027, 1, 31), "33.34"),
        (date(2026, 11, 24), None),
        (None, None),
    ],
)
def test_what_each_month_must_bring_is_rounded_up(due_on, monthly):
    asked = rules.monthly(
        saved=eur("20"), target=eur("120"), due_on=due_on, today=date(2026, 11, 25)
    )
    assert asked == (eur(monthly) if monthly else None)


def test_a_full_pot_asks_for_nothing_more():
    due = {"due_on": date(2027, 1, 1), "today": date(2026, 11, 25)}
    assert rules.monthly(saved=eur("120"), target=eur("120"), **due) is None
    assert rules.monthly(saved=eur("120"), target=None, **due) is None


def test_months_divide_the_smallest_units_of_every_currency():
    yen = rules.monthly(
        saved=Money(0, "JPY"),
        target=Money(1000, "JPY"),
        due_on=date(2027, 1, 1),
        today=date(2026, 11, 1),
    )
    assert yen == Money(334, "JPY")
