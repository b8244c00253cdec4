"""What programs read of a change of a policy: what it does, what it costs, how far it is."""

from __future__ import annotations

from typing import Any

from banking import api as bank
from insurance.contracts.changes.queries import ChangeView, Ending, Terms
from insurance.desks.programs import shown
from insurance.money.books.service import Split
from kernel.actor import Actor


def change(seen: ChangeView, actor: Actor) -> dict[str, Any]:
    """Return a change to who asked for it or is to hold the policy.

    Shape: approval is what it waits for, for its holder alone; terms are of an endorsement, ending
    of an end.
    """
    is_holders = seen.holder_id == actor.person_id
    approval = None
    if seen.approval_id is not None and is_holders:
        approval = shown.approval(bank.approval_of(approval_id=seen.approval_id))
    return {
        "object": "change",
        "id": seen.ref,
        "kind": seen.kind.value,
        "status": seen.progress.value,
        "policy": seen.policy.number,
        "on_revision": seen.on_revision,
        "due": shown.money(seen.due),
        "back": shown.money(seen.back),
        "valid_until": shown.instant(seen.valid_until),
        "terms": _terms(seen.terms) if seen.terms else None,
        "ending": _ending(seen.ending) if seen.ending else None,
        "approval": approval,
        "page": shown.address("changes.show", ref=seen.ref),
    }


def _terms(terms: Terms) -> dict[str, Any]:
    """Return what a policy says after a change, and what each section shifts by."""
    after = terms.revised
    delay = None
    if after.delay is not None:
        days, benefit = after.delay
        delay = {"trigger_days": days, "benefit": shown.money(benefit)}
    return {
        "sum_insured": shown.money(after.sum_insured),
        "values": [shown.money(item.value) for item in after.parcel.items],
        "destination": after.parcel.destination_country,
        "insured": after.insured_name or None,
        "insured_as": "business" if after.parcel.is_business else "person",
        "delay": delay,
        "shifts": {section.value: _split(split) for section, split in terms.shifts.items()},
    }


def _ending(end: Ending) -> dict[str, Any]:
    """Return what an end gives back. Shape: kept_share is a fraction as text, of one."""
    return {
        "basis": end.basis.value,
        "back": _split(end.back),
        "kept": _split(end.kept),
        "days_on_risk": end.days_on_risk,
        "planned_days": end.planned_days,
        "kept_share": str(end.share),
    }


def _split(split: Split) -> dict[str, Any]:
    return {"net": shown.money(split.net), "tax": shown.money(split.tax)}
