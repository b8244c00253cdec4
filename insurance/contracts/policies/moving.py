"""What every step of a policy does: go to another state, write the step down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from insurance.contracts.policies import rules
from insurance.contracts.policies.models import Policy, PolicyEntry
from insurance.contracts.policies.rules import PolicyState
from kernel import clock
from kernel.db import session


def move(row: Policy, to: PolicyState, what: str, facts: dict[str, Any], *, at: datetime) -> None:
    """Bring a policy to another state. Raises: TransitionRefused."""
    row.state = rules.moved(PolicyState(row.state), to)
    note(row, what, facts, at=at)


def note(row: Policy, what: str, facts: dict[str, Any], *, at: datetime | None = None) -> None:
    """Write into a policy's history, as of now unless said. Shape: facts are plain values."""
    session().add(
        PolicyEntry(policy_id=row.id, what=what, state=row.state, facts=facts, at=at or clock.now())
    )
    session().flush()
