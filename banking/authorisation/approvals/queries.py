"""Approvals as other rooms and their owner see them, and the terms in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from banking.accounts.wallets.models import Wallet
from banking.authorisation.approvals import cooling, rules, spending
from banking.authorisation.approvals.cooling import Cooling, CoolingTerms
from banking.authorisation.approvals.errors import (
    ApprovalUnknown,
    CoolingAct,
    CoolingLimit,
)
from banking.authorisation.approvals.models import ApprovalRow, ApprovalTerms, TrustedPayee
from banking.authorisation.approvals.rules import (
    Act,
    Bound,
    Exemption,
    Risk,
    RiskTerms,
    State,
    Terms,
)
from kernel import clock
from kernel.actor import Actor
from kernel.db import reading, session
from kernel.money import Money
from kernel.people.identity import queries as people
from kernel.people.identity.models import Person
from kernel.people.mfa import queries as factors
from kernel.people.mfa.queries import Ways
from kernel.people.safety import queries as safety
from kernel.people.safety.models import SafetyEntry

PAYEES = 50

__all__ = [
    "PAYEES",
    "Act",
    "Approval",
    "Cooling",
    "Exemption",
    "State",
    "TrustedPayeeView",
    "approval",
    "approval_for",
    "cooling_of",
    "terms_in_force",
    "trusted_payees",
    "view",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One act that a customer was asked about, or was not for a reason.

    Shape: subject is what the asking room calls it; method is passkey, totp or exempt; in_euro is
    None when no rate was known, and for an act without an amount.
    """

    id: UUID
    person_id: UUID
    payer_id: UUID
    act: Act
    amount: Money
    in_euro: Money | None
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
    def printed_account(self) -> str:
        """The account as people read it."""
        return rules.printed_account(self.account)

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

    @property
    def printed_account(self) -> str:
        """The account as people read it."""
        return rules.printed_account(self.account)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalPage:
    """What the approve page shows.

    Shape: question is for a passkey, empty without one; refused says why a first factor may not
    approve this yet, first what one may approve, for whoever has none so far.
    """

    approval: Approval
    is_open: bool
    ways: Ways
    question: str
    refused: CoolingAct | CoolingLimit | None
    first: CoolingTerms | None


def approval(*, approval_id: UUID) -> Approval:
    """Return an approval. Raises: ApprovalUnknown."""
    row = session().get(ApprovalRow, approval_id)
    if row is None:
        raise ApprovalUnknown
    return view(row)


def approval_for(actor: Actor, approval_id: UUID) -> Approval:
    """Return one of the actor's own approvals. Raises: ApprovalUnknown."""
    asked = approval(approval_id=approval_id)
    if not is_theirs(actor, asked):
        raise ApprovalUnknown
    return asked


def is_theirs(actor: Actor, found: Approval | ApprovalRow) -> bool:
    """Whether an act is the actor's to approve: whoever left a company approves for it no more."""
    payers = {actor.person_id, *actor.organisation_ids}
    return found.person_id == actor.person_id and found.payer_id in payers


def trusted_payees(*, owner_id: UUID, after: datetime | None = None) -> list[TrustedPayeeView]:
    """Return a page of an owner's trusted payees and one more, newest first.

    Shape: after is the instant of the last one seen.
    """
    query = (
        select(TrustedPayee)
        .where(TrustedPayee.owner_id == owner_id, TrustedPayee.removed_at.is_(None))
        .order_by(TrustedPayee.approved_at.desc())
        .limit(PAYEES + 1)
    )
    if after is not None:
        query = query.where(TrustedPayee.approved_at < after)
    return [
        TrustedPayeeView(id=r.id, name=r.name, account=r.account, approved_at=r.approved_at)
        for r in session().scalars(query)
    ]


def is_trusted(*, owner_id: UUID, account: str) -> bool:
    """Whether an owner trusts an account."""
    query = select(TrustedPayee.id).where(
        TrustedPayee.owner_id == owner_id,
        TrustedPayee.account == rules.canonical_account(account),
        TrustedPayee.removed_at.is_(None),
    )
    return session().execute(query).first() is not None


def are_trusted(*, owner_id: UUID, payees: Sequence[UUID]) -> bool:
    """Whether an owner trusts a wallet of each of some owners."""
    query = select(func.count(Wallet.owner_id.distinct())).where(
        Wallet.owner_id.in_(payees),
        Wallet.iban == TrustedPayee.account,
        TrustedPayee.owner_id == owner_id,
        TrustedPayee.removed_at.is_(None),
    )
    return session().execute(query).scalar_one() == len(set(payees))


def risk_of(*, person_id: UUID, terms: RiskTerms) -> Risk:
    """Return what speaks for or against an unasked purchase of a person now."""
    now = clock.now()
    query = select(func.coalesce(func.sum(ApprovalRow.euro_minor), 0), func.count()).where(
        ApprovalRow.person_id == person_id,
        ApprovalRow.asked_at > now - timedelta(days=1),
        ApprovalRow.exemption == Exemption.LOW_RISK,
    )
    day_sum, day_number = session().execute(query).one()
    touched = safety.happened_since(
        person_id=person_id, kinds=rules.TOUCHES, since=now - timedelta(hours=terms.quiet_hours)
    )
    bought = Money(int(day_sum or 0), "EUR")
    return Risk(day_sum=bought, day_number=day_number, is_quiet=not touched)


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
        reduced_a_day=Money(row.reduced_a_day_minor, "EUR"),
        approval_seconds=row.approval_seconds,
        risk=RiskTerms(
            bands=tuple((rate, Money(most, "EUR")) for rate, most in row.risk_bands),
            fraud_ppm=row.fraud_ppm,
            day_sum=Money(row.risk_day_minor, "EUR"),
            day_number=row.risk_day_number,
            quiet_hours=row.quiet_hours,
        ),
    )


def cooling_of(person_id: UUID) -> Cooling | None:
    """Return how a person's first factor cools off, None when there is nothing to wait for."""
    terms = cooling.terms_in_force()
    added = _first_factor(person_id, since=clock.now() - terms.lasts)
    if added is None or terms.is_part_of_opening(added_at=added[0], opened_at=added[1]):
        return None
    since, most = added[0], terms.most
    spent = spending.given_since(person_id=person_id, since=since)
    left = max(most - spent, Money.zero("EUR"))
    return Cooling(since=since, until=since + terms.lasts, most=most, left=left)


def cooling_refusal(
    person_id: UUID, act: Act, in_euro: Money | None
) -> CoolingAct | CoolingLimit | None:
    """Return why a person's first factor may not approve an act yet, None when it may."""
    return cooling.refusal(cooling_of(person_id), act, in_euro)


def for_a_first(person_id: UUID) -> CoolingTerms | None:
    """Return what a first factor could approve, were it added now; None when anything."""
    terms, person = cooling.terms_in_force(), people.person(person_id)
    assert person is not None, "people stay"
    is_new = terms.is_part_of_opening(added_at=clock.now(), opened_at=person.joined_at)
    return None if is_new else terms


def _first_factor(person_id: UUID, *, since: datetime) -> tuple[datetime, datetime] | None:
    """Return when a first factor was added after an instant, and when its account was opened."""
    query = (
        select(func.max(SafetyEntry.at), Person.created_at)
        .join(Person, Person.id == SafetyEntry.person_id)
        .where(
            SafetyEntry.person_id == person_id,
            SafetyEntry.at > since,
            SafetyEntry.kind.in_((safety.Kind.PASSKEY_ADDED, safety.Kind.APP_ADDED)),
            SafetyEntry.data.has_key("is_first"),
        )
        .group_by(Person.created_at)
    )
    with reading() as current:
        row = current.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def approval_page(actor: Actor, approval_id: UUID, *, host_url: str) -> ApprovalPage:
    """Return what the approve page shows. Raises: ApprovalUnknown."""
    asked = approval_for(actor, approval_id)
    is_open, ways = asked.is_open(clock.now()), factors.ways_of(asked.person_id)
    question = ""
    if is_open:
        question = factors.question(
            host_url=host_url, challenge=asked.challenge, person_id=asked.person_id
        )
    return ApprovalPage(
        approval=asked,
        is_open=is_open,
        ways=ways,
        question=question,
        refused=cooling_refusal(asked.person_id, asked.act, asked.in_euro) if is_open else None,
        first=None if ways.any else for_a_first(asked.person_id),
    )


def bound(row: ApprovalRow) -> Bound:
    """Return what a stored approval is bound to."""
    return Bound(
        act=Act(row.act),
        amount=Money(row.amount_minor, row.currency),
        payee=row.payee,
        account=row.account,
        subject=row.subject,
        nonce=row.nonce,
        expires_at=row.expires_at,
    )


def view(row: ApprovalRow) -> Approval:
    """Return a stored approval."""
    return Approval(
        id=row.id,
        person_id=row.person_id,
        payer_id=row.payer_id,
        act=Act(row.act),
        amount=Money(row.amount_minor, row.currency),
        in_euro=Money(row.euro_minor, "EUR") if row.euro_minor is not None else None,
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
