"""What officers press and choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from banking.compliance.document_log.queries import Why
from banking.compliance.onboarding.queries import ASKING, REFUSING, Decision
from kernel.text import N_
from kernel.web import Reader, page_start


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision to propose. Shape: reason is empty for an approval."""

    decision: Decision
    reason: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Proposal:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        decision = reader.choice("decision", [str(decision) for decision in Decision])
        reason = ""
        if decision != Decision.APPROVE:
            offered = ASKING if decision == Decision.ASK_AGAIN else REFUSING
            reason = reader.raw("reason")
            if reason not in offered:
                reader.complain("reason", N_("Choose one of the reasons for this decision."))
        reader.done()
        return cls(Decision(decision), reason)


@dataclass(frozen=True, slots=True)
class Opening:
    """Why a document is opened."""

    why: Why

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Opening:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        why = reader.choice("why", [why.value for why in Why])
        reader.done()
        return cls(Why(why))


def read_after(arguments: Mapping[str, str]) -> tuple[datetime, UUID] | None:
    """Return the key in a list's address after which the page begins. Raises: Invalid."""
    start = page_start(arguments)
    if start is None:
        return None
    reader = Reader(arguments)
    key = reader.uuid("key")
    reader.done()
    return start, key
