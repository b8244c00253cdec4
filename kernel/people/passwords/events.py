"""Facts about forgotten passwords."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PasswordForgotten(Event):
    """Somebody says that they forgot the password of an address, which may be nobody's."""

    name: ClassVar[str] = "kernel.password.forgotten.v1"
    email: str


@dataclass(frozen=True, kw_only=True)
class PasswordRenewed(Event):
    """Somebody took a new password by a mailed link."""

    name: ClassVar[str] = "kernel.password.renewed.v1"
    person_id: UUID
