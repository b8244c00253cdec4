"""The machinery's page: what gave up is shown to operators, who have it tried again by name."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel import clock as business_time
from kernel.actor import Role
from kernel.ids import new_id
from tests.asking import english, says

PAGE = "/en/operations/machinery"


@pytest.fixture
def operator(make_person):
    return make_person(roles=frozenset({Role.OPERATOR}))


@pytest.fixture
def dead(db, operator):
    """A delivery that gave up, after everything published so far is done with."""
    event_id = new_id()
    db.execute(text("UPDATE kernel.delivery SET done_at = now()"))
    db.execute(
        text(
            "INSERT INTO kernel.outbox (id, name, payload, created_at)"
            " VALUES (:id, 'kernel.mail.queued.v1', '{}', now())"
        ),
        {"id": event_id},
    )
    db.execute(
        text(
            "INSERT INTO kernel.delivery (event_id, handler, queue, due_at, attempts, dead_at,"
            " error) VALUES (:id, 'kernel.mail.deliver_mail', 'mail', now(), 8, now(),"
            " 'the post office is closed')"
        ),
        {"id": event_id},
    )
    return event_id


def test_a_quiet_house_says_that_everything_is_delivered(as_, operator):
    shown = as_(operator).get(PAGE)

    assert BeautifulSoup(shown.text, "html.parser").h1.text == english("Everything is delivered")


def test_a_delivery_that_gave_up_is_shown_with_its_reason(as_, operator, dead):
    shown = as_(operator).get(PAGE)

    assert BeautifulSoup(shown.text, "html.parser").h1.text == english(
        "%(num)s failed delivery", num=1
    )
    assert "the post office is closed" in shown.text


def test_reviving_makes_it_due_again_in_the_operators_name(as_, operator, dead, db):
    form = {"csrf_token": "test-token"}

    answer = as_(operator).post(f"{PAGE}/revive", data=form)

    assert answer.status_code == 303
    row = db.execute(
        text("SELECT attempts, dead_at FROM kernel.delivery WHERE event_id = :id"), {"id": dead}
    ).one()
    assert tuple(row) == (0, None)
    by = db.execute(
        text("SELECT person_id FROM kernel.audit WHERE command = 'kernel.outbox.revive_dead'")
    ).scalar_one()
    assert by == operator.person_id


def test_the_machinery_is_told_in_the_time_of_the_pages_around_it(
    as_, make_person, dead, db, clock
):
    name = "kernel.partitions.make_room"
    db.execute(text("INSERT INTO kernel.schedule_run VALUES (:name, now())"), {"name": name})
    clock("2031-05-04T12:00")  # years from the machine's own day
    somebody = make_person(roles=frozenset({Role.OPERATOR}))

    told = BeautifulSoup(as_(somebody).get(PAGE).text, "html.parser").main.get_text(" ")

    assert told.count("4 May") >= 2  # what gave up, and the last run
    assert f"{datetime.now(UTC):%b %Y}" not in told


@pytest.mark.parametrize("moved", [timedelta(days=28), timedelta(days=-3)])
def test_pages_of_a_demonstration_say_that_its_clock_was_moved(client, monkeypatch, clock, moved):
    clock("2026-12-28T12:00")
    monkeypatch.setattr(business_time, "moved_by", lambda: moved)
    assert says(client.get("/en/settings"), "clock was moved", day="28 Dec 2026")


def test_a_clock_that_was_not_moved_is_no_news(client):
    page = BeautifulSoup(client.get("/en/settings").text, "html.parser")
    assert not page.select("[data-moved-clock]")
