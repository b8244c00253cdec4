"""Claims money is asked for by a letter that stays as it was sent, until the insurer has paid."""

from threading import Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from insurance import api as cover
from insurance.reporting.float_calls import queries, service
from insurance.reporting.float_calls.errors import FloatCalled, FloatCallUnknown, FloatLasts
from insurance.reporting.float_calls.queries import Answer
from insurance.reporting.settlement import queries as settlement
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading, transaction
from kernel.ids import new_id, public_ref
from kernel.money import Money
from tests.insurance.conftest import buy, drain, fund, scan
from tests.insurance.contracts.policies.test_policies import V2

HAVRE = {"insurer_key": "havre-cargo", "currency": "EUR"}
HAVRE_MORE = {
    "insurer_key": "havre-cargo",
    "amount": Money.of("10.00", "USD"),
    "reason": "A ship sank.",
}
OFFICER = Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}))


def lose(clock):
    """Most of claims money of 150.00 is paid for a loss."""
    clock("2026-06-01T09:00")
    fund("150.00")
    policy = buy(**V2 | {"value": "100.00"})
    scan(policy)
    clock("2026-06-05T09:00")
    cover.parcel_lost(
        parcel_ref=policy.parcel_ref,
        at=kernel_clock.now(),
        evidence={"events": ["lost"]},
        actor=SYSTEM,
    )
    drain()


@pytest.fixture
def low(db, clock):
    lose(clock)


def standing():
    with reading():
        return queries.calls(insurer_key="havre-cargo", actor=OFFICER)


def test_a_letter_says_what_was_asked_and_stays_as_it_was(low):
    with reading():
        (money,) = settlement.floats(actor=OFFICER)

    call = service.call(**HAVRE, actor=OFFICER)
    fund("10.00")

    (kept,) = standing()
    assert (kept.words, kept.amount) == (call.words, money.call)
    assert str(money.call) in kept.words
    assert kept.ref in kept.words
    assert (kept.person_id, kept.sent_at) == (OFFICER.person_id, call.sent_at)
    assert (kept.received, kept.answer) == (Money.of("10.00", "EUR"), Answer.OPEN)
    with pytest.raises(DBAPIError), transaction(name="test", actor=SYSTEM) as current:
        current.execute(text("UPDATE insurance.float_calls SET words = 'Another letter.'"))


def test_nobody_is_asked_twice_before_the_letter_is_answered(low, clock):
    call = service.call(**HAVRE, actor=OFFICER)
    with pytest.raises(FloatCalled) as refused:
        service.call(**HAVRE, actor=OFFICER)
    assert refused.value.data == {"ref": call.ref}

    clock("2026-06-10T09:00")
    fund(str(call.amount.amount))

    (paid,) = standing()
    assert (paid.answer, paid.received) == (Answer.PAID, call.amount)
    with pytest.raises(FloatLasts):
        service.call(**HAVRE, actor=OFFICER)


def test_an_answer_after_its_day_is_late(low, clock):
    call = service.call(**HAVRE, actor=OFFICER)
    clock("2026-06-13T09:00")
    assert standing()[0].answer is Answer.LATE
    fund(str(call.amount.amount))

    assert standing()[0].answer is Answer.PAID_LATE


def test_money_that_lasts_is_not_asked_for(db, clock):
    clock("2026-06-05T09:00")
    for where in (HAVRE, HAVRE | {"currency": "USD"}):
        with pytest.raises(FloatLasts):
            service.call(**where, actor=OFFICER)
    fund("150.00")
    with pytest.raises(FloatLasts):
        service.call(**HAVRE, actor=OFFICER)


def test_what_another_insurer_or_currency_is_paid_answers_nothing(low):
    service.call(**HAVRE, actor=OFFICER)
    fund("500.00", insurer_key="lys-overseas")
    fund("500.00", currency="USD")

    assert standing()[0].received == Money.of("0.00", "EUR")


def test_a_number_that_no_letter_has_is_refused_by_its_code(low):
    service.call(**HAVRE, actor=OFFICER)

    with reading(), pytest.raises(FloatCallUnknown):
        queries.call_of(public_ref("F"), actor=OFFICER)


def test_an_officer_asks_for_more_before_it_runs_low(db, clock):
    clock("2026-06-05T09:00")
    fund("150.00")
    amount = Money.of("9000.00", "EUR")

    call = service.ask_more(
        insurer_key="havre-cargo", amount=amount, reason="A ship sank.", actor=OFFICER
    )

    assert (call.amount, call.answer) == (amount, Answer.OPEN)
    assert "A ship sank." in call.words
    with pytest.raises(FloatCalled):
        service.ask_more(**{**HAVRE_MORE, "amount": amount}, actor=OFFICER)
    first = service.ask_more(**HAVRE_MORE, actor=OFFICER)
    assert first.amount.currency == "USD"


def test_two_who_ask_at_once_write_one_letter(own_database, clock):
    lose(clock)

    def ask():
        try:
            service.call(**HAVRE, actor=OFFICER)
        except FloatCalled:
            refused.append(1)

    refused = []
    both = [Thread(target=ask) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert (len(standing()), len(refused)) == (1, 1)
