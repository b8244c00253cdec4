"""Who signs up becomes a customer of the bank."""

from __future__ import annotations

from banking.accounts.parties import jobs, queries
from kernel.db import reading
from kernel.ids import new_id
from kernel.people.identity.events import PersonRegistered


def test_a_new_person_is_a_customer_once_and_as_first_noted(db, clock):
    at = clock("2026-11-02T09:00")
    person_id = new_id()
    first = PersonRegistered(person_id=person_id, country="DE", locale="en")
    jobs.know_customer(first)
    clock("2026-11-03T09:00")

    jobs.know_customer(PersonRegistered(person_id=person_id, country="FR", locale="fr"))

    with reading():
        found = queries.customer(owner_id=person_id)
        assert queries.customer(owner_id=new_id()) is None
    assert found is not None
    assert (found.kind, found.country, found.since) == ("person", "DE", at)


def test_signing_up_tells_the_bank(make_person, outbox):
    actor = make_person()

    told = [event for event in outbox() if isinstance(event, PersonRegistered)]

    assert [event.person_id for event in told] == [actor.person_id]
