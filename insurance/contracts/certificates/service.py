"""Issues certificates: written when first asked for in a state, the same file for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from insurance.contracts.certificates import keyring, trailer
from insurance.contracts.certificates.errors import NothingToRevoke
from insurance.contracts.certificates.models import CertificateIssue, CertificateRevocation
from insurance.contracts.certificates.paper import certificate_pdf
from insurance.contracts.certificates.published import Reason
from insurance.contracts.certificates.queries import (
    ClaimTerms,
    edition_of,
    languages_of,
    stated,
    subject_of,
)
from insurance.contracts.certificates.rules import key_id
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.errors import PolicyUnknown
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.documents import content, keep


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate to hand out. Shape: sha256 in hex, of the whole file."""

    pdf: bytes
    sha256: str


@command("insurance.certificates.issue")
def issue(*, policy_id: UUID, locale: str, claims: ClaimTerms, actor: Actor) -> Paper:
    """Return a policy's certificate as PDF, in the contract's language where it has no other.

    Shape: claims are the terms of the day on which the policy was concluded. It is signed to its
    last byte, and its hash is remembered. Few are ever opened, so it is printed for the first who
    does; one that stands stays as it is.
    """
    policy = policies.policy(policy_id=policy_id)
    spoken = locale if locale in languages_of(policy) else policy.locale
    subject, edition = subject_of(policy), edition_of(policy)
    pdf = content(subject=subject, edition=edition, locale=spoken)
    if pdf is None:
        printed = certificate_pdf(stated(policy, claims=claims), locale=spoken)
        made = trailer.signed(
            printed,
            number=policy.number,
            revision=policy.revision,
            key=keyring.ring().signs,
        )
        keep(subject=subject, edition=edition, locale=spoken, content=made)
        pdf = content(subject=subject, edition=edition, locale=spoken)
        assert pdf is not None, "what was kept is there"
        _remember(pdf, spoken)
    return Paper(pdf, hashlib.sha256(pdf).hexdigest())


@command("insurance.certificates.revoke")
def revoke(*, subject: str, reason: Reason, actor: Actor) -> None:
    """Let nobody rely on a certificate as it stands now, or on what a replaced key signed.

    A later revision of the certificate counts again; twice is once. Raises: NothingToRevoke.
    """
    _, *older = (key_id(key) for key in keyring.ring().known)
    revision = None
    if subject not in older:
        try:
            revision = policies.certificate(subject).revision
        except PolicyUnknown as error:
            raise NothingToRevoke from error
    row = {
        "subject": subject,
        "revision": revision,
        "reason": reason,
        "revoked_at": clock.now(),
    }
    renewed = {"revision": revision, "reason": reason}
    statement = insert(CertificateRevocation).values(row)
    session().execute(statement.on_conflict_do_update(index_elements=["subject"], set_=renewed))


def _remember(pdf: bytes, locale: str) -> None:
    """Write down a file that is handed out; of two who print it at once one does."""
    said = trailer.trailer_of(pdf)
    row = {
        "sha256": hashlib.sha256(pdf).digest(),
        "number": said.number,
        "revision": said.revision,
        "locale": locale,
        "key_id": said.key_id,
        "signature": said.signature,
        "issued_at": clock.now(),
    }
    session().execute(insert(CertificateIssue).values(row).on_conflict_do_nothing())
