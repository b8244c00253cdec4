"""Files of certificates that were handed out, and what of them is revoked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from insurance.contracts.certificates.published import Reason
from kernel.checks import one_of
from kernel.db import Base


class CertificateIssue(Base):
    """A signed file, known by its hash for good; append-only.

    Shape: sha256 is of the whole file, signature that of its last line, over all before it.
    """

    __tablename__ = "certificate_issues"
    __table_args__ = (
        CheckConstraint("octet_length(sha256) = 32", name="hash_is_sha256"),
        CheckConstraint("octet_length(signature) = 64", name="signature_is_ed25519"),
        Index("ix_certificate_issues_number", "number"),
        {"schema": "insurance"},
    )

    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    number: Mapped[str]
    revision: Mapped[int]
    locale: Mapped[str]
    key_id: Mapped[str]
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    issued_at: Mapped[datetime]


class CertificateRevocation(Base):
    """What is no longer to be relied on; never taken back.

    Shape: subject is a certificate's number or a key's name; revision is the last one of a
    certificate that is revoked, None for a key.
    """

    __tablename__ = "certificate_revocations"
    __table_args__ = {"schema": "insurance"}

    subject: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int | None]
    reason: Mapped[str] = mapped_column(one_of("reason", Reason))
    revoked_at: Mapped[datetime]
