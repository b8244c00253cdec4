"""One key, one outcome."""

import threading

import pytest
from sqlalchemy import text

from kernel.actor import SYSTEM
from kernel.db import command, reading, session
from kernel.errors import RuleBroken
from kernel.idempotency import IdempotencyKeyReused, Outcome, recalled, remembered
from kernel.text import N_


class NoLamp(RuleBroken):
    code = "no_lamp"
    message = N_("No lamp in %(room)s.")


@command("tests.idempotency.act")
def act(*, key: str, request: object, fail: bool = False, actor) -> Outcome:
    def work() -> dict[str, object]:
        session().execute(text("INSERT INTO kernel.try_count VALUES (:k, now(), 1)"), {"k": key})
        if fail:
            raise NoLamp(room="hall")
        return {"done": key}

    return remembered(scope="test", key=key, request=request, work=work)


def test_the_second_time_gets_the_first_answer(db):
    first = act(key="k", request={"amount": 1}, actor=SYSTEM)
    again = act(key="k", request={"amount": 1}, actor=SYSTEM)
    assert (first.body, first.is_replay) == ({"done": "k"}, False)
    assert (again.body, again.is_replay) == ({"done": "k"}, True)


def test_a_key_with_other_input_is_refused(db):
    act(key="k", request={"amount": 1}, actor=SYSTEM)
    with pytest.raises(IdempotencyKeyReused):
        act(key="k", request={"amount": 2}, actor=SYSTEM)


def test_what_a_key_led_to_is_known_before_anything_is_done(db):
    with reading():
        assert recalled(scope="test", key="k", request=1) is None
    act(key="k", request=1, actor=SYSTEM)
    with reading():
        assert recalled(scope="test", key="k", request=1) == Outcome(
            {"done": "k"}, is_refusal=False, is_replay=True
        )
        with pytest.raises(IdempotencyKeyReused):
            recalled(scope="test", key="k", request=2)


def test_a_refusal_is_remembered_and_its_work_undone(db):
    for expected in (False, True):
        outcome = act(key="k", request=1, fail=True, actor=SYSTEM)
        assert outcome.is_replay is expected
        with pytest.raises(RuleBroken) as refused:
            outcome.raise_refusal()
        assert (refused.value.code, str(refused.value.sentence)) == ("no_lamp", "No lamp in hall.")
    assert db.execute(text("SELECT count(*) FROM kernel.try_count")).scalar_one() == 0


def test_a_key_in_flight_makes_the_second_wait(own_database):
    results: list[Outcome] = []

    def run() -> None:
        results.append(act(key="k", request=1, actor=SYSTEM))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [r.body for r in results] == [{"done": "k"}] * 8
    assert sum(not r.is_replay for r in results) == 1
