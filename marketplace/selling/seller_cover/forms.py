"""Reads what a shop says of a rule."""

from __future__ import annotations

from datetime import date

from werkzeug.datastructures import MultiDict

from insurance import api as cover
from kernel import clock
from kernel.text import N_
from kernel.web import Reader
from kernel.web.preferences import COUNTRY_CURRENCY

# The only level that a shop can claim under.
LEVEL = cover.Cover.TL.value


def parse_rule(form: MultiDict[str, str], currency: str) -> cover.RuleTerms:
    """Return a new rule's terms in the shop's currency. Raises: Invalid."""
    reader = Reader(form)
    country = reader.choice("country", ("all", *COUNTRY_CURRENCY))
    terms = _terms(reader, cover.EVERYWHERE if country == "all" else country, currency)
    reader.done()
    return terms


def parse_change(form: MultiDict[str, str], rule: cover.RuleView) -> cover.RuleTerms:
    """Return what a rule is to say instead; its country and currency stay. Raises: Invalid."""
    reader = Reader(form)
    terms = _terms(reader, rule.country, rule.least.currency)
    reader.done()
    return terms


def _terms(reader: Reader, country: str, currency: str) -> cover.RuleTerms:
    if not reader.flag("informed"):
        reader.complain("informed", N_("Read the product information and tick the box."))
    return cover.RuleTerms(
        country=country,
        least=reader.money("least", currency),
        level=LEVEL,
        active_from=_day(reader, "active_from") or clock.today(),
        active_until=_day(reader, "active_until"),
    )


def _day(reader: Reader, name: str) -> date | None:
    typed = reader.raw(name)
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        reader.complain(name, N_("Enter a date, like 2026-12-31."))
        return None
