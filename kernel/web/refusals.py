"""What a page refused, told to those who watch: once for each answer, whoever caught it."""

from __future__ import annotations

from flask import request

from kernel import alarms
from kernel.errors import HouseError, LimitExceeded
from kernel.web.access import current_actor


def note(error: HouseError) -> None:
    """Leave a line of a refusal that belongs to a kind which is watched."""
    if not error.watched or (isinstance(error, LimitExceeded) and not error.retry_after):
        return  # most refusals are no attempt at anything; an amount over its limit is none
    alarms.note(
        kind=alarms.Kind(error.watched),
        code=error.code,
        email=(current_actor().email or request.form.get("email", "")).strip().lower(),
        address=request.remote_addr or "",
    )
