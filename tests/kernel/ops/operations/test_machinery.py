"""The machinery's page: what gave up is shown to operators, who have it tried again by name."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel.actor import Role
from kernel.ids import new_id
from tests.asking import english

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
        "%(num)s delivery gave up", num=1
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
