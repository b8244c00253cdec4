"""Commands of guests: check out without an account, buy, come back by a letter's link."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete, select, text

from kernel import clock, mail
from kernel import throttling as tries
from kernel.actor import Actor
from kernel.db import command, reading, session
from kernel.errors import Forbidden
from kernel.events import publish
from kernel.forgetting import BATCH
from kernel.manifest import manifests
from kernel.people.guests import queries, rules
from kernel.people.guests.errors import AlreadyBought, TooManyGuestLinks, TooManyGuests
from kernel.people.guests.events import OrderSought
from kernel.people.guests.models import Guest
from kernel.people.identity import guest_rows
from kernel.people.identity import service as identity
from kernel.people.identity.service import Seen
from kernel.people.mfa.rules import network

_NOTE_PURCHASE = text(
    "UPDATE kernel.guest SET bought_at = :now WHERE person_id = :person_id AND bought_at IS NULL"
)
_OPEN = text("INSERT INTO kernel.guest (person_id, opened_at) VALUES (:person_id, :now)")


@command("kernel.guests.open")
def open_guest(
    *,
    email: str,
    name: str,
    locale: str,
    country: str,
    device: str,
    address: str,
    actor: Actor,
) -> Actor:
    """Return who checks out without an account, by their session.

    Whose address it is and whether it has an account is asked of nobody: each guest is a new one
    and sees what they buy themselves. A guest who types anew goes on as who they are, unless the
    rules say that they are another. One place opens only so many in a quarter of an hour.
    They act in what follows in the same request; the view seats the browser with them
    (`kernel.web.seating`).
    Raises: Forbidden for an account, TooManyGuests.
    """
    if actor.is_signed_in:
        raise Forbidden  # an account buys as itself
    if actor.session_id is not None and _goes_on(actor, typed=email):
        guest_rows.correct_guest(
            guest_id=actor.somebody(),
            email=email,
            name=name,
            locale=locale,
            country=country,
            actor=actor,
        )
        return replace(actor, email=email)
    bucket = f"guest:{network(address)}"
    wait = tries.guess_at(bucket=bucket, most=rules.GUESTS_PER_ADDRESS, actor=actor)
    if wait:
        raise TooManyGuests(retry_after=wait, minutes=-(-wait // 60))
    if actor.session_id is not None:
        identity.end_session(session_id=actor.session_id, actor=actor)
    now = clock.now()
    guest = guest_rows.add_guest(
        email=email,
        name=name,
        locale=locale,
        country=country,
        seen=Seen(device, address),
        until=now + queries.terms_in_force().session,
        actor=actor,
    )
    session().execute(_OPEN, {"person_id": guest.somebody(), "now": now})
    return guest


@command("kernel.guests.correct")
def correct(*, email: str, name: str, actor: Actor) -> None:
    """Write down what a guest typed anew, while nothing is paid; links to the old address end.

    Locks: the person. Raises: NotSignedIn, AlreadyBought.
    """
    found = queries.guest_of(actor)
    assert found is not None, "accounts change their address on their own pages"
    guest_rows.held(found.id)
    if queries.bought_at(found.id) is not None and email != found.email:
        raise AlreadyBought
    guest_rows.correct_guest(
        guest_id=found.id,
        email=email,
        name=name,
        locale=found.locale,
        country=found.country,
        actor=actor,
    )


@command("kernel.guests.note_purchase")
def note_purchase(*, person_id: UUID, actor: Actor) -> None:
    """Keep a guest from here on, who has bought; of an account nothing is noted. Twice is once."""
    session().execute(_NOTE_PURCHASE, {"person_id": person_id, "now": clock.now()})


@command("kernel.guests.enter")
def enter(*, guest_id: UUID, device: str, address: str, actor: Actor) -> UUID:
    """Return a session of the guest whose letter's link somebody followed.

    It shows and changes what is the guest's, and begins no checkout of theirs: `open_guest` says
    why. A session of another guest in the same browser ends. Locks: the person.
    """
    if actor.session_id is not None:
        identity.end_session(session_id=actor.session_id, actor=actor)
    entered: UUID = guest_rows.open_guest_session(
        guest_id=guest_id,
        seen=Seen(device, address),
        until=clock.now() + queries.terms_in_force().session,
        by_link=True,
        actor=actor,
    )
    return entered


@command("kernel.guests.ask_link")
def ask_link(*, email: str, ref: str, address: str, actor: Actor) -> None:
    """Have a link to an order sent to the address it was bought with; for all others the same.

    Each question counts at its place. Events: OrderSought. Raises: TooManyGuestLinks.
    """
    bucket = f"guest-link:{network(address)}"
    wait = tries.guess_at(bucket=bucket, most=rules.LINKS_PER_ADDRESS, actor=actor)
    if wait:
        raise TooManyGuestLinks(retry_after=wait, minutes=-(-wait // 60))
    publish(OrderSought(email=email, ref=ref))


@command("kernel.guests.mail_link")
def send_link(*, email: str, ref: str, actor: Actor) -> None:
    """Mail a link to an order to who bought it with this address; nobody else hears anything.

    Whoever bought it with an account, or has taken it along into one, reads that it is there.
    """
    found = queries.whose(ref)
    reader = queries.reader_of(found.person_id, email) if found else None
    if found is None or reader is None:
        return
    allowed = {f"guest-letter:{email}": queries.terms_in_force().letters_a_quarter}
    if tries.take(allowed=allowed, actor=actor):
        return
    mail.send(
        to=reader,
        template="kernel/mail/order_link.txt",
        locale=reader.locale,
        data={"name": reader.name, "ref": found.ref, "path": found.path},
    )


def open_account(*, password: str, device: str, address: str, actor: Actor) -> UUID:
    """Open an account for a guest, who is known but for a password; return its session.

    What the guest has comes along, since it is their own address. Somebody who has an account with
    it already is told to sign in, as at every sign-up, and counted as one.
    Events: PersonRegistered, SignedIn, GuestTaken.
    Raises: TooManySignUps, EmailTaken, WeakPassword.
    """
    with reading():
        guest = queries.guest_of(actor)
    assert guest is not None, "the page is for guests alone"
    identity.sign_up(
        email=guest.email,
        password=password,
        name=guest.name,
        locale=guest.locale,
        country=guest.country,
        address=address,
        actor=actor,
    )
    return identity.sign_in(
        email=guest.email, password=password, device=device, address=address, actor=actor
    )


@command("kernel.guests.delete_unbought")
def forget_unbought(*, actor: Actor) -> int:
    """Delete a batch of guests who bought nothing or are long over; return how many.

    Whoever has an order stays, whether or not somebody noted that they bought.
    Locks: the guests, skipping those in use.
    """
    terms, now = queries.terms_in_force(), clock.now()
    due = (
        select(Guest.person_id)
        .where(
            (Guest.bought_at.is_(None) & (Guest.opened_at < now - terms.unbought))
            | (Guest.over_at < now - terms.link)
        )
        .order_by(Guest.opened_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    forgotten = 0
    for guest_id in session().scalars(due).all():
        if queries.has_order(guest_id):
            note_purchase(person_id=guest_id, actor=actor)
        else:
            _forget(guest_id, actor)
            forgotten += 1
    return forgotten


def _forget(guest_id: UUID, actor: Actor) -> None:
    for package in manifests():
        for written in package.personal_data():
            written.erase(person_id=guest_id, actor=actor)
        for belongings in package.belongings():
            if belongings.forget is not None:
                belongings.forget(guest_id=guest_id, actor=actor)
    session().execute(delete(Guest).where(Guest.person_id == guest_id))
    guest_rows.delete_guest(guest_id=guest_id, actor=actor)


def _goes_on(actor: Actor, *, typed: str) -> bool:
    """Whether this browser's guest is who checks out. Locks: the person."""
    if not actor.is_guest:
        return False
    person = guest_rows.held(actor.somebody())
    return rules.goes_on(
        by_link=queries.has_mailbox(actor),
        has_bought=queries.bought_at(person.id) is not None,
        before=person.address,
        typed=typed,
    )
