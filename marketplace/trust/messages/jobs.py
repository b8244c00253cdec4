"""The letters about messages: one for each run of what is unread, never one for each message."""

from __future__ import annotations

from kernel import mail
from kernel.events import on
from kernel.people.identity import queries as people
from kernel.people.identity.queries import PersonView
from marketplace.trust.messages import queries
from marketplace.trust.messages.events import MessageSent
from marketplace.trust.messages.queries import Side, ThreadView


@on(MessageSent, "marketplace.messages.tell_other_side", queue="mail")
def tell_other_side(event: MessageSent) -> None:
    """Tell who is to read it, unless they were told of the thread already or have read it."""
    reader = Side(event.side).other
    thread = queries.thread(event.thread_ref, reader)
    if event.is_first and thread.unread:
        for person in _readers(thread):
            _write(thread, person)


def _readers(thread: ThreadView) -> list[PersonView]:
    if thread.side is Side.VENDOR:
        return people.staff_of(thread.vendor.organisation_id)
    buyer_id = queries.buyer_of(thread.ref)
    buyer = people.person(buyer_id) if buyer_id else None
    return [buyer] if buyer else []


def _write(thread: ThreadView, person: PersonView) -> None:
    to_shop = thread.side is Side.VENDOR
    template = "vendor_message" if to_shop else "message"
    mail.send(
        to=person,
        template=f"marketplace/mail/{template}.txt",
        locale=person.locale,
        data={
            "name": person.name,
            "ref": thread.ref,
            "order_ref": thread.order_ref,
            "writer": thread.buyer_name if to_shop else thread.vendor.name,
            "title": thread.title(person.locale),
        },
    )
