"""The door of sales: what a holder's shop sells and bears the risk of, declared once it is sent."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from insurance.trade.open_cover import declaring, queries
from insurance.trade.open_cover.errors import OpenCoverNotActive, OpenCoverNotOfShop
from insurance.trade.open_cover.holding import held, held_by, note
from insurance.trade.open_cover.models import Declaration, OpenCover
from insurance.trade.open_cover.ordered import Ordered, shipment_of
from insurance.trade.open_cover.queries import DeclarationView, OpenCoverView
from insurance.trade.open_cover.rules import RUNNING, Sales, Source
from insurance.trade.open_cover.stored import stored_message
from kernel.actor import Actor
from kernel.db import command, savepoint, session
from kernel.errors import Conflict, RuleBroken
from kernel.people.identity import queries as people


@command("insurance.open_cover.take_sales")
def take_sales(*, ref: str, sales: Sales | None, actor: Actor) -> OpenCoverView:
    """Declare what a shop of its holder sends from now on, as sales say; None for nothing any more.

    Locks: the cover. Raises: OpenCoverUnknown, OpenCoverNotActive, OpenCoverNotOfShop.
    """
    row = held_by(ref, actor)
    if row.state not in RUNNING:
        raise OpenCoverNotActive
    if sales is None:
        row.sales_of = row.sales_from = row.sales_to = None
        note(row, "sales_off", {}, actor, tells=False)
        return queries.view(row)
    if sales.shop not in actor.organisation_ids:
        raise OpenCoverNotOfShop
    row.sales_of, row.sales_from = sales.shop, sales.least.minor
    row.sales_to = sorted(sales.countries)
    note(row, "sales_on", {"least": sales.least.minor}, actor, tells=False)
    return queries.view(row)


@command("insurance.open_cover.declare_sold")
def declare_sold(*, shop: UUID, sold: Ordered, actor: Actor) -> DeclarationView | None:
    """Declare a parcel that a shop sent at its own risk, by its order's reference; twice is once.

    None without a cover that takes it, and where it is refused: its holder is told why. Units: the
    value is what the shop loses with it. Locks: as `declaring.declare`. Events: CargoBound,
    OpenCoverNews.
    """
    ref = _taking(shop, sold)
    if ref is None:
        return None
    try:
        with savepoint():
            return declaring.declare(
                ref=ref, shipment=shipment_of(sold), source=Source.SALE, actor=actor
            )
    except (RuleBroken, Conflict) as refusal:
        data = {"reference": sold.reference, "why": stored_message(refusal.sentence)}
        note(held(ref), "sale_refused", data, actor)
        return None


def is_sale_declared(*, shop: UUID, reference: str) -> bool:
    """Whether a sale of a shop stands declared under an open cover."""
    staff = [one.id for one in people.staff_of(shop)]
    query = (
        select(Declaration.id)
        .join(OpenCover, OpenCover.id == Declaration.open_cover_id)
        .where(
            OpenCover.owner_id.in_(staff),
            Declaration.reference == reference,
            Declaration.source == Source.SALE,
            Declaration.withdrawn_at.is_(None),
        )
    )
    return session().execute(query.limit(1)).first() is not None


def _taking(shop: UUID, sold: Ordered) -> str | None:
    """Return the cover that takes a sale, of a holder who still works for the shop."""
    query = (
        select(OpenCover.ref)
        .where(
            OpenCover.sales_of == shop,
            OpenCover.state.in_(RUNNING),
            OpenCover.currency == sold.value.currency,
            OpenCover.sales_from <= sold.value.minor,
            OpenCover.sales_to.contains([sold.destination_country]),
        )
        .order_by(OpenCover.accepted_at)
    )
    found = session().execute(query.add_columns(OpenCover.owner_id)).all()
    if not found:
        return None
    staff = {one.id for one in people.staff_of(shop)}
    return next((ref for ref, owner in found if owner in staff), None)
