"""Issues certificates: written when first asked for in a state, the same file for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from insurance.contracts.certificates import keyring, trailer
from insurance.contracts.certificates.errors import NothingToRevoke
from insurance.contracts.certificates.events import CertificateRevoked
from insurance.contracts.certificates.models import CertificateIssue, CertificateRevocation
from insurance.contracts.certificates.paper import certificate_pdf
from insurance.contracts.certificates.published import Reason
from insurance.contracts.certificates.queries import (
    Certified,
    ClaimTerms,
    edition_of,
    languages_of,
    revisions_of,
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
from kernel.events import publish


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
    return handed_out(
        policy,
        edition=edition_of(policy),
        locale=spoken,
        printed=lambda: certificate_pdf(stated(policy, claims=claims), locale=spoken),
    )


def handed_out(
    certified: Certified, *, edition: str, locale: str, printed: Callable[[], bytes]
) -> Paper:
    """Return a certificate inside the open command: signed and remembered when it is first due.

    Shape: edition says which state of it is due; printed is asked for the file only then.
    """
    subject = subject_of(certified)
    pdf = content(subject=subject, edition=edition, locale=locale)
    if pdf is None:
        made = trailer.signed(
            printed(),
            number=certified.number,
            revision=certified.revision,
            key=keyring.ring().signs,
        )
        keep(subject=subject, edition=edition, locale=locale, content=made)
        pdf = content(subject=subject, edition=edition, locale=locale)
        assert pdf is not None, "what was kept is there"
        _remember(pdf, locale)
    return Paper(pdf, hashlib.sha256(pdf).hexdigest())


@command("insurance.certificates.revoke")
def revoke(*, subject: str, reason: Reason, actor: Actor) -> None:
    """Let nobody rely on a certificate as it stands now, or on what a replaced key signed.

    A later revision of the certificate counts again; twice is once. Events: CertificateRevoked, of
    a certificate alone. Raises: NothingToRevoke.
    """
    _, *older = (key_id(key) for key in keyring.ring().known)
    revision = None
    if subject not in older:
        revision = _in_force(subject)
    row = {
        "subject": subject,
        "revision": revision,
        "reason": reason,
        "revoked_at": clock.now(),
    }
    renewed = {"revision": revision, "reason": reason}
    statement = insert(CertificateRevocation).values(row)
    session().execute(statement.on_conflict_do_update(index_elements=["subject"], set_=renewed))
    if revision is not None:
        publish(CertificateRevoked(number=subject, revision=revision, reason=reason.value))


def _in_force(number: str) -> int:
    """Return the revision in force of a certificate. Raises: NothingToRevoke."""
    elsewhere = revisions_of([number])
    if number in elsewhere:
        return elsewhere[number]
    try:
        return policies.certificate(number).revision
    except PolicyUnknown as error:
        raise NothingToRevoke from error


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
