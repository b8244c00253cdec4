"""What others may hear of certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CertificateRevoked(Event):
    """Nobody may rely on a certificate any more. Shape: reason is of `published.Reason`."""

    name: ClassVar[str] = "insurance.certificate.revoked.v1"
    number: str
    revision: int
    reason: str
