"""Our ledger beside the payment network's account of us and its bank's statement."""

from __future__ import annotations

import pytest
from bank_objects import eur

from banking.control.reconciliation import jobs, queries, service
from banking.control.reconciliation.rules import Action, Kind
from banking.core.rail.errors import RailDown
from banking.core.rail.gateway import FaultKind, SimulatedRail, misbehave
from kernel.actor import SYSTEM
from kernel.db import reading
from tests.banking.transferring.transfers.conftest import (
    OUTSIDE,
    OUTSIDE_NAME,
    confirmed,
    drafted,
    pass_time,
)

OURS = ("rail", "rail_bank")


def send(payer, amount, fault=None):
    """Send money to another bank; a fault meets it where it is handed over."""
    sent = confirmed(payer, drafted(payer, OUTSIDE, eur(amount), name=OUTSIDE_NAME))
    if fault is not None:
        misbehave(kind=fault, actor=SYSTEM)
    pass_time(minutes=6)
    return sent


def differences():
    with reading():
        return [one for one in queries.waiting() if one.pair in OURS]


def days_later(days=3):
    pass_time(days=days)
    jobs.compare_books()
    return differences()


def test_a_clean_day_with_the_payment_network_gives_nothing(payer, sound):
    send(payer, "20")
    misbehave(kind=FaultKind.RETURN, actor=SYSTEM)
    send(payer, "21")  # is there, and comes back a day later
    send(payer, "22", FaultKind.REFUSE)  # comes back at once

    assert days_later(1) == days_later(3) == []
    with reading():
        compared = {run.pair: run.compared for run in queries.comparisons(count=40)}
    assert all(compared[pair] for pair in OURS)
    sound()


def test_what_was_called_off_or_waits_for_monday_is_not_missed(payer):
    friday = confirmed(payer, drafted(payer, OUTSIDE, eur("20"), name=OUTSIDE_NAME))
    from banking.transferring.transfers import service as transfers

    transfers.cancel(ref=friday.ref, owner_id=payer.person_id, actor=payer)

    assert days_later(5) == []


def test_four_faults_of_the_network_are_four_differences_each_with_a_proposal(payer, sound):
    faults = {
        FaultKind.FORGET: Kind.MISSING,
        FaultKind.REPEAT: Kind.DUPLICATE,
        FaultKind.MISCOUNT: Kind.WRONG_AMOUNT,
        FaultKind.INVENT: Kind.UNKNOWN,
    }
    sent = {kind: send(payer, 20 + n, fault) for n, (fault, kind) in enumerate(faults.items())}

    found = {one.kind: one for one in days_later() if one.pair == "rail"}

    assert set(found) == set(faults.values())
    for kind in (Kind.MISSING, Kind.DUPLICATE, Kind.WRONG_AMOUNT):
        assert found[kind].reference == f"order:{sent[kind].ref}"
    assert found[Kind.WRONG_AMOUNT].amount == -eur("0.01")
    assert found[Kind.UNKNOWN].action is Action.FIND_OWNER
    sound()


def test_a_line_that_the_bank_forgot_is_missing_on_its_statement_alone(payer):
    sent = send(payer, "20")
    misbehave(kind=FaultKind.FORGET, actor=SYSTEM)

    assert days_later(1) == []  # the bank may be a day late
    (found,) = days_later(3)

    assert (found.pair, found.kind) == ("rail_bank", Kind.MISSING)
    assert (found.reference, found.ours) == (f"order:{sent.ref}", -eur("20"))


def test_nothing_seems_missing_while_the_payment_network_is_away(payer, monkeypatch):
    send(payer, "20")

    def away(*_args, **_what):
        raise RailDown

    pass_time(days=4)
    monkeypatch.setattr(SimulatedRail, "lines", away)
    jobs.compare_books()

    assert differences() == []
    with reading():
        assert not {run.pair for run in queries.comparisons()} & set(OURS)


@pytest.mark.parametrize("pair", OURS)
def test_lines_come_in_once(payer, pair):
    send(payer, "20")
    pass_time(days=2)

    assert service.fetch(source=pair) == 1
    assert service.fetch(source=pair) == 0
