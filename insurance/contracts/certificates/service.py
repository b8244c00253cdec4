"""Issues certificates: written when first asked for in a state, the same file for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from insurance.contracts.certificates.paper import certificate_pdf
from insurance.contracts.certificates.queries import (
    ClaimTerms,
    edition_of,
    languages_of,
    stated,
    subject_of,
)
from insurance.contracts.policies import queries as policies
from kernel.actor import Actor
from kernel.db import command
from kernel.documents import content, keep


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate to hand out. Shape: sha256 in hex, of the whole file."""

    pdf: bytes
    sha256: str


@command("insurance.certificates.issue")
def issue(*, policy_id: UUID, locale: str, claims: ClaimTerms, actor: Actor) -> Paper:
    """Return a policy's certificate as PDF, in the contract's language where it has no other.

    Shape: claims are the terms of the day on which the policy was concluded.
    Few are ever opened, so it is printed for the first who does; one that stands stays as it is.
    """
    policy = policies.policy(policy_id=policy_id)
    spoken = locale if locale in languages_of(policy) else policy.locale
    subject, edition = subject_of(policy), edition_of(policy)
    pdf = content(subject=subject, edition=edition, locale=spoken)
    if pdf is None:
        made = certificate_pdf(stated(policy, claims=claims), locale=spoken)
        keep(subject=subject, edition=edition, locale=spoken, content=made)
        pdf = content(subject=subject, edition=edition, locale=spoken)
        assert pdf is not None, "what was kept is there"
    return Paper(pdf, hashlib.sha256(pdf).hexdigest())
