"""Two windows that remove the last two factors in the same moment leave one to staff."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from kernel.actor import SYSTEM, Role
from kernel.db import transaction
from kernel.ids import new_id
from kernel.people.account import service
from kernel.people.account.errors import OneHasToStay
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.mfa import queries as factors
from tests.banking.bank_objects import outcomes
from tests.second_steps import with_a_factor

PASSWORD = "correct horse battery"
ADD = text(
    "INSERT INTO kernel.passkey (id, person_id, credential_id, public_key, sign_count, label,"
    " added_at) VALUES (:key, :id, uuid_send(:key), 'key', 0, 'Laptop', now())"
)


@pytest.fixture
def officer(own_database):
    email = f"{new_id().hex}@example.com"
    identity.register(
        email=email,
        password=PASSWORD,
        name="Camille",
        locale="en",
        country="FR",
        roles=frozenset({Role.OPERATOR}),
        actor=SYSTEM,
    )
    opened = identity.sign_in(
        email=email, password=PASSWORD, device="test", address="192.0.2.1", actor=SYSTEM
    )
    return with_a_factor(people.actor_of_session(str(opened)))


@pytest.mark.parametrize("_", range(5))
def test_one_factor_stays_whatever_is_pressed_at_once(officer, _):
    keys = [new_id(), new_id()]
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(ADD, [{"key": key, "id": officer.person_id} for key in keys])

    def remove(number):
        if number < len(keys):
            return service.remove_passkey(passkey_id=keys[number], actor=officer)
        return service.remove_app(actor=officer)

    found = outcomes(3, remove)

    assert [type(result) for result in found].count(OneHasToStay) == 1
    assert factors.ways_of(officer.person_id).any
