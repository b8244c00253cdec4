"""Certificates follow what happens to policies."""

from __future__ import annotations

from insurance.certificates import service
from insurance.policies.events import PolicyAttached, PolicyBound
from kernel.actor import SYSTEM
from kernel.events import on


@on(PolicyBound, queue="documents")
def issue_when_bound(event: PolicyBound) -> None:
    """Write the certificate that states the cover from the first scan on."""
    service.issue(policy_id=event.policy_id, actor=SYSTEM)


@on(PolicyAttached, queue="documents")
def issue_when_attached(event: PolicyAttached) -> None:
    """Write the certificate that states since when the cover runs."""
    service.issue(policy_id=event.policy_id, actor=SYSTEM)
