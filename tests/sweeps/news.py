"""What handlers do with the news of what people did."""

from __future__ import annotations

from collections.abc import Iterator

from kernel import jobs
from kernel.errors import Upstream


def deliver() -> Iterator[str]:
    """Deliver all news; yield what broke while it was heard."""
    while due := jobs.claim_due():
        for item in due:
            try:
                jobs.deliver(str(item.event_id), item.handler)
            except Upstream:
                continue  # the card network is not there
            except Exception as error:  # noqa: BLE001 - whatever a handler breaks with is what is looked for
                yield f"{item.handler}: {error!r}"[:800]


def heard() -> None:
    """Let everybody hear what happened; nothing may break."""
    broken = list(deliver())
    assert not broken, broken
