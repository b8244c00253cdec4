"""What the officers' pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from banking.accounts.limits import queries as limits
from banking.accounts.limits.queries import Waiting
from banking.accounts.parties import queries as parties
from banking.accounts.parties.queries import GrantView
from banking.accounts.wallets import queries as wallets
from banking.compliance.document_log import queries as evidence
from banking.compliance.document_log.queries import Trail
from banking.compliance.onboarding import queries as onboarding
from banking.compliance.onboarding.queries import PAGE, Dossier, QueueLine, State
from kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """Applications in review, the longest waiting first. Shape: after leads on, None at the end."""

    lines: Sequence[QueueLine]
    after: QueueLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPage:
    """An application with everything an officer decides on.

    Shape: grants say why the customer has the tier; waiting is money beside full wallets; trail
    says who opened which document.
    """

    dossier: Dossier
    trail: Trail
    tier: int
    grants: Sequence[GrantView]
    waiting: Sequence[Waiting]
    is_own: bool
    is_own_proposal: bool

    @property
    def may_propose(self) -> bool:
        """Whether this officer may propose a decision now."""
        in_review = self.dossier.application.state is State.SUBMITTED
        return in_review and self.is_checked and not self.is_own and not self.dossier.proposal

    @property
    def is_checked(self) -> bool:
        """Whether the identity service has answered what was sent last."""
        sent = self.dossier.application.submitted_at
        return any(sent is not None and check.at >= sent for check in self.dossier.checks)


def queue_page(*, after: tuple[datetime, UUID] | None) -> QueuePage:
    """Return a page of applications in review."""
    lines = onboarding.queue(after=after)
    return QueuePage(lines=lines[:PAGE], after=lines[PAGE - 1] if len(lines) > PAGE else None)


def dossier_page(actor: Actor, ref: str) -> DossierPage:
    """Return an application. Raises: ApplicationUnknown."""
    dossier = onboarding.dossier(ref=ref)
    customer_id = dossier.application.customer_id
    owned = wallets.wallets_of(owner_id=customer_id)
    return DossierPage(
        dossier=dossier,
        trail=evidence.trail(
            actor, application_id=dossier.application.id, outcome=dossier.application.state
        ),
        tier=parties.tier_of(owner_id=customer_id),
        grants=parties.grants_of(owner_id=customer_id),
        waiting=limits.waiting_in(wallet_ids=[wallet.id for wallet in owned]),
        is_own=customer_id in {actor.person_id, *actor.organisation_ids},
        is_own_proposal=bool(dossier.proposal and dossier.proposal.officer_id == actor.person_id),
    )
