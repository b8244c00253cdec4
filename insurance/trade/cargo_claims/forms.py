"""Losses of cargo, surveys and decisions, read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from insurance.trade.cargo_claims.queries import Kind, Peril, Survey
from kernel.money import Money
from kernel.text import N_
from kernel.web.forms import Reader

# More minor units than any shipment is insured for; the figures' own checks tell the rest.
_MOST = 10**13
_LONG = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a holder reports."""

    kind: Kind
    peril: Peril
    claimed: Money
    loss_on: date
    description: str

    @classmethod
    def parse(cls, form: Mapping[str, str], *, currency: str, on: date) -> Notice:
        """Read a notice. Raises: Invalid."""
        reader = Reader(form)
        kind = reader.choice("kind", [one.value for one in Kind])
        peril = reader.choice("peril", [one.value for one in Peril])
        claimed = reader.money("claimed", currency, most=Money(_MOST, currency))
        loss_on = _day(reader, "loss_on", on)
        description = reader.text("description", most=_LONG, is_long=True)
        reader.done()
        return cls(
            kind=Kind(kind),
            peril=Peril(peril),
            claimed=claimed,
            loss_on=loss_on,
            description=description,
        )


def parse_survey(form: Mapping[str, str], *, kind: Kind, currency: str, on: date) -> Survey:
    """Read a survey report or an adjuster's statement. Raises: Invalid."""
    reader = Reader(form)
    surveyor = reader.text("surveyor", most=120)
    report = reader.text("report", most=60)
    day = _day(reader, "day", on)
    whole = part = Money.zero(currency)
    if kind is not Kind.TOTAL_LOSS:
        whole = reader.money("whole", currency, most=Money(_MOST, currency))
    if reader.raw("part"):
        part = reader.money("part", currency, most=Money(_MOST, currency))
    reader.done()
    return Survey(surveyor=surveyor, report=report, day=day, whole=whole, part=part)


def parse_decision(form: Mapping[str, str]) -> tuple[bool, str]:
    """Read whether to pay, and why. Raises: Invalid."""
    reader = Reader(form)
    outcome = reader.choice("outcome", ("pay", "refuse"))
    reason = reader.text("reason", most=_LONG, is_long=True)
    reader.done()
    return outcome == "pay", reason


def parse_words(form: Mapping[str, str]) -> str:
    """Read what a holder says against a refusal. Raises: Invalid."""
    reader = Reader(form)
    words = reader.text("words", most=_LONG, is_long=True)
    reader.done()
    return words


def _day(reader: Reader, name: str, on: date) -> date:
    try:
        return date.fromisoformat(reader.raw(name))
    except ValueError:
        reader.complain(name, N_("Enter a day, like 2026-12-31."))
        return on
