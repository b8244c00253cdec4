"""What programs of the insurer's officers read of a month: lines with their journals, and sums."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from insurance.desks.programs import shown
from insurance.reporting.bordereaux.queries import KINDS, SUMS, Month
from kernel.money import Money


def months(found: Iterable[Month]) -> dict[str, Any]:
    """Return the bordereaux of a month, one for each insurer and currency."""
    told = [_month(one) for one in found]
    return {"object": "list", "data": told, "has_more": False, "next_cursor": None}


def _month(of: Month) -> dict[str, Any]:
    """Return a month. Shape: sha256 is of a closed one; differences are empty then."""
    closed = of.closed
    return {
        "object": "bordereau",
        "month": f"{of.month:%Y-%m}",
        "insurer": of.insurer_key,
        "currency": of.currency,
        "closed_at": shown.instant(closed.at) if closed else None,
        "sha256": closed.hash if closed else None,
        "sheets": {kind: _sheet(of, kind) for kind in KINDS},
        "differences": [
            {
                "sheet": one.kind,
                "line": one.number,
                "subject": one.subject,
                "account": one.account,
                "said": shown.money(Money(one.said, of.currency)),
                "booked": shown.money(Money(one.booked, of.currency)),
            }
            for one in of.differences
        ],
    }


def _sheet(of: Month, kind: str) -> dict[str, Any]:
    """Return the lines of one bordereau, and what they add up to."""
    is_money = {*SUMS[kind], "sum_insured"}
    return {
        "lines": [
            {
                "line": number,
                "subject": line.subject,
                "cells": {
                    name: shown.money(Money(value, of.currency)) if name in is_money else value
                    for name, value in line.cells.items()
                },
                "journals": list(line.journals),
            }
            for number, line in enumerate(of.of_kind(kind), 1)
        ],
        "totals": {
            column: shown.money(Money(of.totals[kind][column], of.currency))
            for column in SUMS[kind]
        },
    }
