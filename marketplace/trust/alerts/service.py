"""Commands: wait for goods, end it, tell everybody who waited."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from kernel import clock, mail
from kernel.actor import Actor
from kernel.db import command, session
from kernel.people.identity import queries as people
from marketplace.catalogue.products.queries import in_language
from marketplace.trust.alerts.errors import BackAlready, NothingToWaitFor, TooManyAlerts
from marketplace.trust.alerts.models import StockAlert

MOST = 100  # that one person waits for

_VARIANT = text(
    """
    SELECT v.id, EXISTS (
        SELECT 1 FROM marketplace.offer o JOIN marketplace.stock_level s ON s.offer_id = o.id
        WHERE o.variant_id = v.id AND o.status = 'listed'
            AND s.on_hand - s.reserved - s.allocated > 0) AS is_back
    FROM marketplace.variant v JOIN marketplace.product p ON p.id = v.product_id
    WHERE p.ref = :ref AND v.sku = :sku AND p.status = 'listed'
    """
)
_KEPT = text("SELECT count(*) FROM marketplace.stock_alert WHERE person_id = :person")
_END = text("DELETE FROM marketplace.stock_alert WHERE id = :id AND person_id = :person")
_FORGET = text("DELETE FROM marketplace.stock_alert WHERE person_id = :person")
# An event that is read late finds the stock as it is: who waits for what sold out again, waits on.
_TAKE = text(
    """
    DELETE FROM marketplace.stock_alert a USING marketplace.variant v, marketplace.product p
    WHERE a.variant_id = v.id AND p.id = v.product_id AND p.status = 'listed'
        AND EXISTS (
            SELECT 1 FROM marketplace.offer o JOIN marketplace.stock_level s ON s.offer_id = o.id
            JOIN marketplace.vendor n ON n.id = o.vendor_id AND n.status = 'active'
            WHERE o.variant_id = v.id AND o.status = 'listed'
                AND o.id = ANY(CAST(:offers AS bigint[]))
                AND s.on_hand - s.reserved - s.allocated > 0)
    RETURNING a.person_id, p.ref, p.source_locale, v.key, (
        SELECT jsonb_object_agg(t.locale, t.title) FROM marketplace.product_text t
        WHERE t.product_id = p.id) AS titles
    """
)


@command("marketplace.alerts.wait_for")
def wait_for(*, product_ref: str, sku: str, actor: Actor) -> None:
    """Let somebody be told once when a form of goods is back; asking again changes nothing.

    Raises: NothingToWaitFor, BackAlready, TooManyAlerts.
    """
    row = session().execute(_VARIANT, {"ref": product_ref, "sku": sku}).one_or_none()
    if row is None:
        raise NothingToWaitFor
    if row.is_back:
        raise BackAlready
    if session().execute(_KEPT, {"person": actor.person_id}).scalar_one() >= MOST:
        raise TooManyAlerts
    made = insert(StockAlert).values(
        person_id=actor.person_id, variant_id=row.id, wanted_at=clock.now()
    )
    session().execute(made.on_conflict_do_nothing())


@command("marketplace.alerts.end")
def end(*, alert_id: int, actor: Actor) -> None:
    """Wait no longer; ending what is gone changes nothing."""
    session().execute(_END, {"id": alert_id, "person": actor.person_id})


@command("marketplace.alerts.tell")
def tell(*, offer_ids: Sequence[int], actor: Actor) -> None:
    """Write to everybody who waited for goods that are back, and let them wait no longer."""
    for row in session().execute(_TAKE, {"offers": list(offer_ids)}).all():
        person = people.person(row.person_id)
        if person is None:
            continue
        title = in_language(row.titles or {}, person.locale, row.source_locale)
        mail.send(
            to=person,
            template="marketplace/mail/back_in_stock.txt",
            locale=person.locale,
            data={"name": person.name, "title": title, "ref": row.ref, "key": row.key},
        )


@command("marketplace.alerts.forget")
def forget(*, person_id: UUID, actor: Actor) -> None:
    """Forget what somebody waited for."""
    session().execute(_FORGET, {"person": person_id})
