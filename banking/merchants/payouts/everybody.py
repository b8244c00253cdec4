"""Everybody's payouts, as the operator lists, orders and exports them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from banking.merchants.payouts import payout_runs, queries
from banking.merchants.payouts.models import Payout
from banking.merchants.payouts.payout_runs import RunView
from banking.merchants.payouts.queries import PayoutView, PlanView
from banking.merchants.payouts.rules import CAME_BACK, State
from kernel.csv_files import csv_file
from kernel.db import session
from kernel.errors import NotFound
from kernel.people.identity import queries as identity
from kernel.text import N_
from kernel.web.sorting import Column, Sorting, sorting_of

PLANS = ("due", "all")
VIEWS: Mapping[str, Sequence[State]] = {
    "under-way": (State.MADE, State.SENT),
    "came-back": tuple(sorted(CAME_BACK)),
    "paid": (State.PAID,),
}
MOST_EXPORTED = 5_000
_COLUMNS = {
    "made": Column(N_("Oldest first"), N_("Newest first"), falls=True),
    # Amounts compare within a currency alone.
    "amount": Column(
        N_("By currency, then smallest amount"), N_("By currency, then largest amount"), falls=True
    ),
}
_KEYS: Mapping[str, Sequence[InstrumentedAttribute[Any]]] = {
    "made": (Payout.made_at, Payout.id),
    "amount": (Payout.currency, Payout.amount_minor, Payout.id),
}
_HEADS = ("payout", "vendor", "state", "reason", "made_at", "arrives_on", "amount", "currency")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """What the operator works on.

    Shape: names by vendor; states is the view that is shown; after is the plan and behind the
    payout behind which the next page begins, empty on the last one.
    """

    view: str
    waiting: Sequence[PlanView]
    after: str
    payouts: Sequence[PayoutView]
    sorting: Sorting
    behind: str
    runs: Sequence[RunView]
    names: Mapping[UUID, str]
    today: date


def desk(
    *, view: str, sort: str = "", behind: str = "", after: tuple[UUID, str] | None
) -> DeskPage:
    """Return what is due, under way, came back or was paid. Raises: NotFound."""
    if view not in {*PLANS, *VIEWS}:
        raise NotFound
    sorting = sorting_of(sort, _COLUMNS, standard="-made")
    waiting = queries.plans(waiting=view == "due", after=after) if view in PLANS else []
    payouts = _payouts(view, sorting, behind=behind, most=queries.PAGE + 1) if view in VIEWS else []
    last = waiting[queries.PAGE - 1] if len(waiting) > queries.PAGE else None
    vendor_ids = {plan.vendor_id for plan in waiting} | {one.vendor_id for one in payouts}
    return DeskPage(
        view=view,
        waiting=waiting[: queries.PAGE],
        after=f"{last.vendor_id}_{last.currency}" if last else "",
        payouts=payouts[: queries.PAGE],
        sorting=sorting,
        behind=payouts[queries.PAGE - 1].ref if len(payouts) > queries.PAGE else "",
        runs=payout_runs.runs(count=6),
        names=identity.organisation_names(vendor_ids),
        today=queries.today(),
    )


def table(*, view: str, sort: str = "") -> bytes:
    """Return the payouts of a view as CSV, as they stand, the first five thousand of them.

    Raises: NotFound.
    """
    if view not in VIEWS:
        raise NotFound
    payouts = _payouts(view, sorting_of(sort, _COLUMNS, standard="-made"), most=MOST_EXPORTED)
    names = identity.organisation_names({one.vendor_id for one in payouts})
    rows = (
        [
            one.ref,
            names.get(one.vendor_id, ""),
            one.state.value,
            one.reason,
            one.made_at.isoformat(timespec="seconds"),
            one.arrives_on.isoformat() if one.arrives_on else "",
            one.amount.amount,
            one.amount.currency,
        ]
        for one in payouts
    )
    return csv_file(_HEADS, rows)


def _payouts(view: str, sorting: Sorting, *, behind: str = "", most: int) -> list[PayoutView]:
    """Return payouts from behind the one with a reference on; amounts stand in their currency."""
    keys = _KEYS[sorting.by]
    query = select(Payout).where(Payout.state.in_(VIEWS[view]))
    if behind:
        last = select(*keys).where(Payout.ref == behind).correlate(None).scalar_subquery()
        query = query.where(tuple_(*keys) < last if sorting.falls else tuple_(*keys) > last)
    query = query.order_by(*(key.desc() if sorting.falls else key for key in keys)).limit(most)
    return [queries.view(row) for row in session().scalars(query)]
