"""The command that closes a month: derived again from its journals, then kept as it is.

What is booked after a month was closed, a correction too, stands in the next one.
"""

from __future__ import annotations

import json
from datetime import date

from sqlalchemy import text

from insurance.reporting.bordereaux import queries, rules
from insurance.reporting.bordereaux.errors import EarlierMonthOpen, MonthDiffers, MonthNotOver
from insurance.reporting.bordereaux.queries import Month
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import new_id

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_KEEP_MONTH = text(
    """
    INSERT INTO insurance.bordereau_months (id, month, insurer_key, currency, hash, totals,
        person_id, closed_at)
    VALUES (:id, :month, :insurer_key, :currency, :hash, CAST(:totals AS jsonb), :person_id, :at)
    """
)
_KEEP_LINE = text(
    """
    INSERT INTO insurance.bordereau_lines (month_id, kind, number, subject, cells, journals, moves)
    VALUES (:month_id, :kind, :number, :subject, CAST(:cells AS jsonb),
        CAST(:journals AS bigint[]), CAST(:moves AS bigint[]))
    """
)
_CLOSE_MOVES = text(
    """
    INSERT INTO insurance.closed_moves (register, move_id, month_id)
    SELECT CAST(:register AS text), move, :month_id FROM unnest(CAST(:moves AS bigint[])) AS move
    """
)


@command("insurance.bordereaux.close")
def close(*, month: date, insurer_key: str, currency: str, actor: Actor) -> Month:
    """Close a month whose every line says what its journals say; closed before is closed.

    Locks: the months of the insurer in this currency. Raises: MonthUnknown, MonthNotOver,
    EarlierMonthOpen, MonthDiffers, InsurerUnknown.
    """
    session().execute(_LOCK, {"name": f"insurance.bordereaux:{insurer_key}:{currency}"})
    draft = queries.month_of(month=month, insurer_key=insurer_key, currency=currency, actor=actor)
    if draft.closed is not None:
        return draft
    if not draft.is_over:
        raise MonthNotOver
    _check_order(draft, actor)
    if draft.differences:
        first = draft.differences[0]
        raise MonthDiffers(
            line=first.number, subject=first.subject, said=first.said, booked=first.booked
        )
    _keep(draft, actor)
    return queries.month_of(month=month, insurer_key=insurer_key, currency=currency, actor=actor)


def _check_order(draft: Month, actor: Actor) -> None:
    for one in queries.months(actor=actor):
        is_same = (one.insurer_key, one.currency) == (draft.insurer_key, draft.currency)
        if is_same and one.month < draft.month and one.closed_at is None:
            raise EarlierMonthOpen(month=f"{one.month:%Y-%m}")


def _keep(draft: Month, actor: Actor) -> None:
    month_id = new_id()
    session().execute(
        _KEEP_MONTH,
        {
            "id": month_id,
            "month": draft.month,
            "insurer_key": draft.insurer_key,
            "currency": draft.currency,
            "hash": rules.fingerprint(draft.lines),
            "totals": json.dumps(draft.totals),
            "person_id": actor.person_id,
            "at": clock.now(),
        },
    )
    for kind in rules.KINDS:
        lines = draft.of_kind(kind)
        if not lines:
            continue
        rows = [
            {
                "month_id": month_id,
                "kind": kind,
                "number": number,
                "subject": line.subject,
                "cells": json.dumps(line.cells),
                "journals": list(line.journals),
                "moves": list(line.moves),
            }
            for number, line in enumerate(lines, 1)
        ]
        session().execute(_KEEP_LINE, rows)
        if kind != "tax":
            moves = [move for line in lines for move in line.moves]
            kept = {"register": kind, "moves": moves, "month_id": month_id}
            session().execute(_CLOSE_MOVES, kept)
