"""Tells people about sign-ins and changes that they should know of, and forgets old sign-ins."""

from __future__ import annotations

from datetime import timedelta

from kernel import mail
from kernel.actor import SYSTEM
from kernel.events import on
from kernel.forgetting import in_batches
from kernel.geoip.queries import Place
from kernel.jobs import schedule
from kernel.people.identity import queries, safety_log, service
from kernel.people.identity.events import SignedIn
from kernel.people.safety.events import SafetyChanged


@schedule("kernel.identity.forget_sessions", every=timedelta(days=1), queue="slow")
def forget_sessions() -> None:
    """Delete sign-ins that were over long ago."""
    in_batches(lambda: service.forget_sessions(actor=SYSTEM))


@on(SignedIn, "kernel.identity.warn_of_new_device", queue="mail")
def warn_of_new_device(event: SignedIn) -> None:
    """Write to a person who signs in on a device that was never seen; the first one is expected."""
    device = queries.new_device(session_id=event.session_id)
    person = queries.person(event.person_id)
    if device is None or person is None:
        return
    mail.send(
        to=person,
        template="kernel/mail/new_device.txt",
        locale=person.locale,
        data={
            "name": person.name,
            "device": device.device,
            "place": _told(device.place),
            "at": device.created_at.isoformat(),
            "zone": person.zone,
        },
    )


@on(SafetyChanged, "kernel.identity.tell_of_change", queue="mail")
def tell_of_change(event: SafetyChanged) -> None:
    """Write to a person whose sign-in or money changed hands."""
    entry, person = safety_log.line(event.entry_id), queries.person(event.person_id)
    assert person is not None, "people stay"
    mail.send(
        to=person,
        template="kernel/mail/safety_changed.txt",
        locale=person.locale,
        data={
            "name": person.name,
            "kind": entry.kind,
            "data": dict(entry.data),
            "device": entry.device,
            "place": _told(entry.place),
            "at": entry.at.isoformat(),
            "zone": person.zone,
        },
    )


def _told(place: Place | None) -> dict[str, str | bool] | None:
    return place.plain() if place else None
