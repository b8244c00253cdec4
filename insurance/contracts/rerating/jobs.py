"""What is rated again without anybody waiting for the page."""

from __future__ import annotations

from insurance.contracts.rerating import service
from insurance.contracts.rerating.events import ShadowRunAsked
from kernel.actor import SYSTEM
from kernel.events import on


@on(ShadowRunAsked, "insurance.shadow_runs.rate")
def rate(event: ShadowRunAsked) -> None:
    """Rate the policies of late by a draft."""
    service.run(run_id=event.run_id, ref=event.draft_ref, actor=SYSTEM)
