"""Transfers with real commits, many hands at once, and a database that goes away."""

from __future__ import annotations

import pytest
from bank_objects import available, eur, make_wallet, outcomes, verified
from sqlalchemy.exc import OperationalError

from banking.authorisation.approvals import service as approvals
from banking.authorisation.payees.queries import NameCheck, Outcome, target
from banking.transferring.requests import service as requests
from banking.transferring.requests.errors import RequestOver
from banking.transferring.transfers import carrying, money, queries, service
from banking.transferring.transfers.errors import TooLateToCancel
from banking.transferring.transfers.queries import State
from banking.transferring.transfers.service import Given
from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.ids import new_id

OUTSIDE = "FR1420041010050500013M02606"


@pytest.fixture(autouse=True)
def _morning(own_database, clock):
    clock("2026-11-25T09:00")
    approvals.load_reference_data(actor=SYSTEM)


def somebody(amount="0"):
    person = new_id()
    wallet = make_wallet(amount, owner_id=person)
    return Actor(person_id=person, label=f"person:{person}"), wallet


def drafted(payer, account, amount, request_id=None):
    return service.draft(
        key=new_id(),
        owner_id=payer.person_id,
        account=target(account),
        name="Noor Aziz",
        check=NameCheck(Outcome.CANNOT),
        locale="en",
        actor=payer,
        given=Given(amount=amount, request_id=request_id),
    )


def test_one_draft_confirmed_by_many_hands_at_once_is_sent_once():
    payer, wallet = somebody("1000")
    _, taker = somebody()
    draft = drafted(payer, taker.iban, eur("10"))

    found = outcomes(
        8, lambda _: service.confirm(ref=draft.ref, owner_id=payer.person_id, actor=payer)
    )

    assert {result.state for result in found} == {State.SETTLED}
    assert (available(wallet), available(taker)) == (eur("990"), eur("10"))
    assert verified().balanced


def test_a_request_that_many_pay_at_once_is_paid_by_one():
    owner, taker = somebody()
    asked = requests.ask_for_money(
        key=new_id(),
        owner_id=owner.person_id,
        amount=eur("10"),
        reference="Tea",
        days=7,
        actor=owner,
    )
    payers = [somebody("100")[0] for _ in range(6)]
    drafts = [drafted(p, asked.iban, eur("10"), request_id=asked.id) for p in payers]

    found = outcomes(
        6,
        lambda n: service.confirm(ref=drafts[n].ref, owner_id=payers[n].person_id, actor=payers[n]),
    )

    assert sum(isinstance(result, RequestOver) for result in found) == 5
    assert available(taker) == eur("10")
    assert verified().balanced


def test_recalling_and_handing_over_at_once_never_both_win(clock):
    payer, wallet = somebody("1000")
    sent = []
    for n in range(6):
        draft = drafted(payer, OUTSIDE, eur(f"1.0{n}"))
        sent.append(service.confirm(ref=draft.ref, owner_id=payer.person_id, actor=payer))
    clock("2026-11-25T09:06")

    def work(place):
        one = sent[place // 2]
        if place % 2:
            return carrying.hand_over(transfer_id=one.id)
        return service.cancel(ref=one.ref, owner_id=payer.person_id, actor=payer)

    found = outcomes(12, work)

    with reading():
        states = [queries.transfer(transfer_id=one.id).state for one in sent]
    kept = [isinstance(found[2 * n], TooLateToCancel) for n in range(6)]
    assert [state is State.SENT for state in states] == kept
    gone = sum(1_00 + n for n in range(6) if kept[n])
    assert available(wallet).minor == 1_000_00 - gone
    assert verified().balanced


def test_a_database_that_goes_away_is_never_called_a_lack_of_money(monkeypatch):
    payer, wallet = somebody("1000")
    _, taker = somebody()
    draft = drafted(payer, taker.iban, eur("10"))

    def gone(*_, **__):
        raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))

    with monkeypatch.context() as broken:
        broken.setattr(money, "move", gone)  # after the booking, before the commit
        with pytest.raises(OperationalError):
            service.confirm(ref=draft.ref, owner_id=payer.person_id, actor=payer)
    assert available(wallet) == eur("1000")

    again = service.confirm(ref=draft.ref, owner_id=payer.person_id, actor=payer)
    assert again.state is State.SETTLED
    assert available(wallet) == eur("990")
    assert verified().balanced
