"""What others may hear of returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ReturnOpened(Event):
    """A buyer withdrew from a contract or sends goods back."""

    name: ClassVar[str] = "marketplace.return.opened.v1"
    return_ref: str


@dataclass(frozen=True, kw_only=True)
class ReturnMoved(Event):
    """A return came to another state, or its seller said where the goods go."""

    name: ClassVar[str] = "marketplace.return.moved.v1"
    return_ref: str
    state: str
