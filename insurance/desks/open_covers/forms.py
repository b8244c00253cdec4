"""Terms, reasons and turnover, read strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from insurance.rating.tariff.queries import War
from insurance.trade.cargo import rules as cargo
from insurance.trade.cargo import words as cargo_words
from insurance.trade.clauses.queries import ClauseSet
from insurance.trade.open_cover import rules
from insurance.trade.open_cover.queries import Agreed, OpenCoverView
from kernel.money import Money
from kernel.text import N_
from kernel.web.forms import Reader

_MOST = 10**13
_PCT = re.compile(r"[0-9]{1,2}(\.[0-9]{1,4})?", re.ASCII)


def parse_terms(form: Mapping[str, str], cover: OpenCoverView, *, on: date) -> Agreed:
    """Read the terms of a cover; what the house decided joins them. Raises: Invalid."""
    reader = Reader(form)
    house, asked = rules.terms_on(on), cover.asked
    currency = asked.turnover.currency
    starts_on = _day(reader, "starts_on", on)
    if starts_on < on:
        reader.complain("starts_on", N_("Choose today or a later day."))
    clauses = reader.choice("clauses", [str(one) for one in cargo_words.CLAUSES])
    war = reader.choice("war", [str(one) for one in War])
    flat = _pct(reader, "flat_rate_pct")
    discount = _pct(reader, "discount_pct") or "0"
    if flat and discount != "0":
        reader.complain("discount_pct", N_("Enter a rate or a discount, not both."))
    deductible = reader.choice("deductible", list(cargo_words.DEDUCTIBLES))
    uplift = reader.choice("uplift_pct", cargo.terms_on(on).uplifts)
    amounts = {
        name: reader.money(name, currency, most=Money(_MOST, currency))
        for name in ("conveyance_limit", "location_limit", "turnover", "deposit", "least")
    }
    reader.done()
    chosen = ClauseSet(clauses)
    added = tuple(one for one in cargo_words.ADDITIONAL if reader.flag(f"add_{one}"))
    return Agreed(
        business=asked.business,
        country=asked.country,
        goods=asked.goods,
        clauses=chosen,
        additional=() if cargo.RATED_AS[chosen] == "A" else added,
        war=War(war),
        deductible=deductible,
        uplift_pct=uplift,
        flat_rate_pct=flat,
        discount_pct=discount,
        starts_on=starts_on,
        ends_on=rules.year_from(starts_on, house.months),
        warn_pct=house.warn_pct,
        notice_days=house.notice_days,
        war_notice_days=house.war_notice_days,
        payment_days=house.payment_days,
        location_days=house.location_days,
        **amounts,
    )


def parse_reason(form: Mapping[str, str]) -> str:
    """Read why no terms are offered. Raises: Invalid."""
    reader = Reader(form)
    reason = reader.text("reason", most=1000, is_long=True)
    reader.done()
    return reason


def parse_notice(form: Mapping[str, str]) -> bool:
    """Read whether notice is for war cover alone. Raises: Invalid."""
    reader = Reader(form)
    what = reader.choice("notice", ["all", "war"])
    reader.done()
    return what == "war"


def parse_year(form: Mapping[str, str], currency: str) -> Money:
    """Read what was shipped in a year, nothing included. Raises: Invalid."""
    reader = Reader(form)
    if reader.raw("turnover") == "0":
        return Money.zero(currency)
    turnover = reader.money("turnover", currency, most=Money(_MOST, currency))
    reader.done()
    return turnover


def _pct(reader: Reader, name: str) -> str:
    typed = reader.raw(name)
    if typed and not _PCT.fullmatch(typed):
        reader.complain(name, N_("Enter a percentage with a point, like 0.60."))
        return ""
    return typed


def _day(reader: Reader, name: str, on: date) -> date:
    try:
        return date.fromisoformat(reader.raw(name))
    except ValueError:
        reader.complain(name, N_("Enter a day, like 2026-12-31."))
        return on
