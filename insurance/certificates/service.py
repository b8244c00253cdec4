"""Issues certificates: written once for each state of a policy, the same file for ever."""

from __future__ import annotations

from uuid import UUID

from insurance.certificates.paper import certificate_pdf
from insurance.certificates.queries import edition_of, papers_of, subject_of
from insurance.policies import queries as policies
from kernel.actor import Actor
from kernel.db import command
from kernel.documents import keep

# Whoever checks a certificate on its way through the world reads English.
_TRADE = "en"


@command
def issue(*, policy_id: UUID, actor: Actor) -> None:
    """Write a policy's certificate in the language of the contract and in English.

    One that stands stays as it is.
    """
    policy = policies.policy(policy_id=policy_id)
    standing = {paper.locale for paper in papers_of(policy)}
    for locale in {policy.locale, _TRADE} - standing:
        keep(
            subject=subject_of(policy), edition=edition_of(policy), locale=locale,
            content=certificate_pdf(policy, locale=locale),
        )  # fmt: skip
