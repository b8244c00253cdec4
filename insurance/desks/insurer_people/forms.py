"""Who is proposed for an insurer's people, and why somebody's access ends."""

from __future__ import annotations

from collections.abc import Mapping

from insurance.reporting.insurer_people.queries import Part
from kernel.web.forms import Reader


def parse_proposal(form: Mapping[str, str]) -> tuple[str, Part]:
    """Read an address and what its owner will do. Raises: Invalid."""
    reader = Reader(form)
    email = reader.email("email")
    part = reader.choice("part", [one.value for one in Part])
    reader.done()
    return email, Part(part)


def parse_reason(form: Mapping[str, str]) -> str:
    """Read why somebody's access ends. Raises: Invalid."""
    reader = Reader(form)
    reason = reader.text("reason", most=500, is_long=True)
    reader.done()
    return reason
