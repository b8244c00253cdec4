"""What others may hear of pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PictureKept(Event):
    """A picture is shown somewhere, and its sizes are wanted. Shape: path as pages name it."""

    name: ClassVar[str] = "marketplace.picture.kept.v1"
    path: str
