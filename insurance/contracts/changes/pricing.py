"""What a change makes of a policy and what it costs, as values that are stored and then done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from insurance.contracts.changes import splits
from insurance.contracts.changes.errors import (
    NothingToChange,
    NotInsurable,
    SumTooHigh,
    TooLateToChange,
    ValueTooHigh,
)
from insurance.contracts.changes.queries import (
    USED_UP,
    may_be_changed,
    short_rate,
    stored_split,
)
from insurance.contracts.changes.rules import Basis, Kind
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.errors import CancellationRefused
from insurance.contracts.policies.queries import PolicyView
from insurance.money.books.service import Split
from insurance.offers.quotes import changed
from insurance.offers.quotes import queries as quotes
from insurance.offers.quotes.changed import Changed, Late, Shift
from insurance.offers.quotes.errors import RiderNotOffered
from insurance.offers.quotes.queries import ParcelRisk
from insurance.rating.tariff.queries import Reason, Refusal, Section
from kernel.errors import RuleBroken
from kernel.money import Money

_REFUSED: Mapping[Reason, type[RuleBroken]] = {
    Reason.OVER_VALUE: ValueTooHigh,
    Reason.SI_OVER_AUTHORITY: SumTooHigh,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the holder wants the policy to say.

    Shape: values are of the items in their order; insured_name is empty for the holder.
    """

    values: tuple[Money, ...]
    destination_country: str
    insured_name: str
    is_business: bool
    with_delay: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """A change with its price. Shape: outcome is plain values; due and back are never negative."""

    kind: Kind
    outcome: dict[str, Any]
    due: Money
    back: Money


def endorsed(seen: PolicyView, asked: Asked) -> Priced:
    """Return what other terms cost, for the whole way.

    Raises: TooLateToChange, NothingToChange, ValueTooHigh, SumTooHigh, NotInsurable,
    RiderNotOffered, NoRate, StaleRate.
    """
    if not may_be_changed(seen):
        raise TooLateToChange
    late = _late(seen)
    parcel = _asked_parcel(seen, asked)
    if (parcel, asked.insured_name, asked.with_delay) == (
        _with_listing(seen.parcel),
        seen.insured_name,
        late is not None,
    ):
        raise NothingToChange
    is_told = seen.is_promised_ahead or not seen.is_from_elsewhere
    if asked.with_delay and late is None and not is_told:
        raise RiderNotOffered
    price = changed.price_change(
        before=seen.parcel,
        after=parcel,
        cover=seen.cover,
        perils=seen.perils,
        late=late,
        with_delay=asked.with_delay,
        on=seen.bound_at.date(),
        insurer_key=seen.insurer_key,
    )
    if isinstance(price, Refusal):
        raise _REFUSED.get(price.reason, NotInsurable)(reason=price.reason.value)
    return _stated(seen, asked, parcel, price)


def ended(seen: PolicyView) -> Priced:
    """Return what ending a policy now gives back: by the tariff, later at the short rate.

    Raises: CancellationRefused after delivery, a claim, or once the planned time is used up.
    """
    due = policies.refund_preview(seen)
    if due.reason is None:
        assert due.back is not None, "a refund that is due has parts"
        assert due.kept is not None, "a refund that is due has parts"
        basis = Basis.PRO_RATA if seen.attached_at else Basis.WHOLE
        return _ending(Kind.WITHDRAW, basis, (due.back, due.kept), due.days_on_risk, seen, "0")
    if due.reason != Reason.PERIOD_OVER or seen.attached_at is None:
        raise CancellationRefused(reason=due.reason)
    days, share = short_rate(seen)
    if share >= 1:
        raise CancellationRefused(reason=USED_UP)
    parts = splits.short_rate(list(_splits(seen).values()), share)
    return _ending(Kind.CANCEL, Basis.SHORT_RATE, parts, days, seen, str(share))


def _ending(
    kind: Kind,
    basis: Basis,
    parts: tuple[Split, Split],
    days: int,
    seen: PolicyView,
    share: str,
) -> Priced:
    back, kept = parts
    outcome = {
        "basis": basis.value,
        "back": stored_split(back),
        "kept": stored_split(kept),
        "days_on_risk": min(days, seen.planned_days),
        "planned_days": seen.planned_days,
        "share": share,
    }
    return Priced(kind=kind, outcome=outcome, due=Money.zero(seen.currency), back=back.gross)


def _late(seen: PolicyView) -> Late | None:
    if seen.delay is None:
        return None
    return Late(trigger_days=seen.delay.trigger_days, benefit=seen.delay.benefit)


def _with_listing(parcel: ParcelRisk) -> ParcelRisk:
    """Return a parcel whose items remember what was paid, so that no value can creep up."""
    items = [
        item if item.listing_value else replace(item, listing_value=item.value)
        for item in parcel.items
    ]
    return replace(parcel, items=tuple(items))


def _asked_parcel(seen: PolicyView, asked: Asked) -> ParcelRisk:
    listed = _with_listing(seen.parcel)
    items = [
        replace(item, value=value) for item, value in zip(listed.items, asked.values, strict=True)
    ]
    return replace(
        listed,
        items=tuple(items),
        destination_country=asked.destination_country,
        is_business=asked.is_business,
    )


def _stated(seen: PolicyView, asked: Asked, parcel: ParcelRisk, price: Changed) -> Priced:
    shifts = {shift.section: _shift(shift, seen) for shift in price.shifts}
    before = _splits(seen)
    after = {
        section: splits.added([split for split in (before.get(section), shift) if split])
        for section, shift in shifts.items()
        if section is not Section.DELAY or asked.with_delay
    }
    due, back = splits.what_comes_and_goes(list(shifts.values()))
    outcome = {
        "parcel": quotes.stored_parcel(parcel),
        "sum_insured": price.sum_insured.minor,
        "splits": {section.value: stored_split(split) for section, split in after.items()},
        "tax_pcts": _tax_pcts(seen, after, price),
        "shifts": {section.value: stored_split(split) for section, split in shifts.items()},
        "delay": price.late
        and {"trigger_days": price.late.trigger_days, "benefit": price.late.benefit.minor},
        "insured_name": asked.insured_name,
    }
    return Priced(kind=Kind.ENDORSE, outcome=outcome, due=due, back=back)


def _tax_pcts(seen: PolicyView, after: Mapping[Section, Split], price: Changed) -> dict[str, str]:
    """Return each section's rate: its own, or where two rates met what was really taxed."""
    old = {part.section: part.tax_pct for part in seen.parts}
    new = {shift.section: shift.tax_pct for shift in price.shifts}
    return {
        section.value: new[section]
        if old.get(section, new[section]) == new[section]
        else splits.tax_pct(split)
        for section, split in after.items()
    }


def _shift(shift: Shift, seen: PolicyView) -> Split:
    return Split(
        net=shift.net,
        commission=shift.commission,
        tax=shift.tax,
        country=seen.policyholder_country,
    )


def _splits(seen: PolicyView) -> dict[Section, Split]:
    return {
        part.section: Split(
            net=part.net,
            commission=part.commission,
            tax=part.tax,
            country=seen.policyholder_country,
        )
        for part in seen.parts
    }
