"""Issues certificates of shipments, signed like those of parcels."""

from __future__ import annotations

from uuid import UUID

from insurance.contracts.certificates import queries as certificates
from insurance.contracts.certificates import service as issuing
from insurance.contracts.certificates.service import Paper
from insurance.trade.cargo import queries
from insurance.trade.cargo.paper import certificate_pdf
from kernel.actor import Actor
from kernel.db import command

__all__ = ["Paper"]


@command("insurance.cargo.issue_certificate")
def issue(*, policy_id: UUID, locale: str, actor: Actor) -> Paper:
    """Return a shipment's certificate as PDF, in the contract's language where it has no other.

    It is printed for the first who asks for a revision, signed to its last byte and remembered;
    one that stands stays as it is.
    """
    policy = queries.policy(policy_id=policy_id)
    spoken = locale if locale in policy.languages else policy.locale
    return issuing.handed_out(
        policy,
        edition=certificates.edition_in(policy, "bound"),
        locale=spoken,
        printed=lambda: certificate_pdf(policy, locale=spoken),
    )
