"""Two accounts take the same guest along at the same moment: one of them has everything."""

from __future__ import annotations

import threading

from kernel import clock
from kernel.actor import ANONYMOUS, SYSTEM
from kernel.db import session, transaction
from kernel.ids import new_id
from kernel.people.guests import queries, service, taking
from kernel.people.guests.errors import GuestLinkOver
from kernel.people.identity import service as identity
from marketplace.buying.buyers.models import Address


def account(email):
    return identity.register(
        email=email,
        password="correct horse battery",
        name="Camille",
        locale="en",
        country="FR",
        actor=SYSTEM,
    )


def test_of_two_accounts_at_once_one_has_the_guest(own_database):
    takers = [account(f"taker{n}@example.com") for n in range(2)]
    guest = service.open_guest(
        email="noor@example.com",
        name="Noor",
        locale="en",
        country="FR",
        device="",
        address="192.0.2.1",
        actor=ANONYMOUS,
    )
    guest_id = guest.somebody()
    with transaction(name="test", actor=SYSTEM):
        session().add_all(address_of(guest_id) for _ in range(20))
    start, late = threading.Barrier(8), []

    def take(n):
        start.wait()
        try:
            taking.take_along(guest_id=guest_id, person_id=takers[n % 2], actor=SYSTEM)
        except GuestLinkOver:
            late.append(takers[n % 2])

    threads = [threading.Thread(target=take, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    taker = queries.guest(guest_id).taken_by
    assert taker in takers
    assert late == [one for one in takers if one != taker] * 4
    with transaction(name="test", actor=SYSTEM):
        owners = session().query(Address.person_id).distinct().all()
    assert owners == [(taker,)]


def address_of(person_id):
    return Address(
        id=new_id(),
        person_id=person_id,
        label="",
        name="Noor",
        name_latin="",
        lines=["1 rue des Lilas"],
        city="Lyon",
        region="",
        postcode="69001",
        country="FR",
        phone="",
        tax_ref="",
        is_default=False,
        created_at=clock.now(),
        removed_at=None,
    )
