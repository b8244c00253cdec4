"""Approvals as other rooms and their owner see them, and the terms in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from banking.approvals import rules
from banking.approvals.errors import ApprovalUnknown
from banking.approvals.models import ApprovalRow, ApprovalTerms, TrustedPayee
from banking.approvals.rules import Act, Bound, Exemption, State, Terms
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.money import Money

__all__ = [
    "Act",
    "Approval",
    "Exemption",
    "State",
    "TrustedPayeeView",
    "approval",
    "approval_for",
    "terms_in_force",
    "trusted_payees",
    "view",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One act that a customer was asked about, or was not for a reason.

    Shape: subject is what the asking room calls it; method is passkey, totp or exempt.
    """

    id: UUID
    person_id: UUID
    payer_id: UUID
    act: Act
    amount: Money
    payee: str
    account: str
    subject: str
    state: State
    exemption: Exemption | None
    method: str | None
    asked_at: datetime
    expires_at: datetime
    given_at: datetime | None
    challenge: bytes

    @property
    def is_given(self) -> bool:
        """Whether it may be redeemed now, as far as its state goes."""
        return self.state is State.GIVEN

    def is_open(self, now: datetime) -> bool:
        """Whether the customer may still say yes."""
        return self.state is State.ASKED and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedPayeeView:
    """Somebody who is paid without being asked."""

    id: UUID
    name: str
    account: str
    approved_at: datetime


def approval(*, approval_id: UUID) -> Approval:
    """Return an approval. Raises: ApprovalUnknown."""
    found = session().get(ApprovalRow, approval_id)
    if found is None:
        raise ApprovalUnknown
    return view(found)


def approval_for(actor: Actor, approval_id: UUID) -> Approval:
    """Return one of the actor's own approvals. Raises: ApprovalUnknown."""
    found = approval(approval_id=approval_id)
    if found.person_id != actor.person_id:
        raise ApprovalUnknown
    return found


def trusted_payees(*, owner_id: UUID, after: datetime | None = None) -> list[TrustedPayeeView]:
    """Return an owner's trusted payees, newest first; `after` is an instant to go on from."""
    query = (
        select(TrustedPayee)
        .where(TrustedPayee.owner_id == owner_id, TrustedPayee.approved_at.is_not(None),
               TrustedPayee.removed_at.is_(None))
        .order_by(TrustedPayee.approved_at.desc())
        .limit(50)
    )  # fmt: skip
    if after is not None:
        query = query.where(TrustedPayee.approved_at < after)
    return [
        TrustedPayeeView(id=r.id, name=r.name, account=r.account, approved_at=r.approved_at)
        for r in session().scalars(query)
        if r.approved_at is not None
    ]


def is_trusted(*, owner_id: UUID, account: str) -> bool:
    """Whether an owner trusts an account."""
    query = select(TrustedPayee.id).where(
        TrustedPayee.owner_id == owner_id, TrustedPayee.account == rules.canonical_account(account),
        TrustedPayee.approved_at.is_not(None), TrustedPayee.removed_at.is_(None),
    )  # fmt: skip
    return session().execute(query).first() is not None


def terms_in_force() -> Terms:
    """Return the terms of today; an installation without any does not start."""
    query = (
        select(ApprovalTerms)
        .where(ApprovalTerms.valid_from <= clock.today())
        .order_by(ApprovalTerms.valid_from.desc())
        .limit(1)
    )
    row = session().scalars(query).one()
    return Terms(
        each=Money(row.each_minor, "EUR"),
        earlier_sum=Money(row.earlier_sum_minor, "EUR"),
        earlier_number=row.earlier_number,
        approval_seconds=row.approval_seconds,
        most_tries=row.most_tries,
    )


def bound(row: ApprovalRow) -> Bound:
    """Return what a stored approval is bound to."""
    return Bound(
        act=Act(row.act), amount=Money(row.amount_minor, row.currency), payee=row.payee,
        account=row.account, subject=row.subject, nonce=row.nonce, expires_at=row.expires_at,
    )  # fmt: skip


def view(row: ApprovalRow) -> Approval:
    """Return a stored approval."""
    return Approval(
        id=row.id,
        person_id=row.person_id,
        payer_id=row.payer_id,
        act=Act(row.act),
        amount=Money(row.amount_minor, row.currency),
        payee=row.payee,
        account=row.account,
        subject=row.subject,
        state=_state(row),
        exemption=Exemption(row.exemption) if row.exemption else None,
        method=row.method,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        given_at=row.given_at,
        challenge=bytes(row.challenge),
    )


def _state(row: ApprovalRow) -> State:
    if row.used_at is not None:
        return State.USED
    if row.withdrawn_at is not None:
        return State.WITHDRAWN
    return State.ASKED if row.given_at is None else State.GIVEN
