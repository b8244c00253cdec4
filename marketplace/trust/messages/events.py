"""What others may hear of messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """Somebody wrote in a thread. Shape: is_first when the other side had read all before it."""

    name: ClassVar[str] = "marketplace.message.sent.v1"
    thread_ref: str
    side: str
    is_first: bool
