"""Commands of approvals, and what a room that pays needs to know.

1. `ask(...)` inside its own command, with everything the customer will see. The answer is given
   at once when an exemption holds (`approval.is_given`, the reason in `exemption`); otherwise the
   room stores `approval.id`, lets its payment wait and leads to `approvals.show`
   (`/bank/approvals/<id>`).
2. `register_executor(act=…, execute=…, page=…)` at import, once per act: `execute(approval,
   actor)` runs in the transaction of the customer's yes, and does the thing; the approve page then
   goes to `page`, a view that takes the approval's subject as its one argument.
3. `redeem(...)` inside the command that pays, from an executor or after an exemption, with what is
   really to be paid. It passes once, and only for exactly what was approved.
4. `withdraw(approval_id=…)` when the payment is changed or cancelled before.

In the days after a lost factor was reset nothing is exempt but one's own accounts, and `ask`
refuses what passes the day's low limit (`ReducedLimit`). `payer_id` is the owner of the wallet that
pays, when that is a company and not the person.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from banking.accounts.wallets import queries as wallets
from banking.authorisation.approvals import queries, reduced, rules
from banking.authorisation.approvals.errors import (
    AlreadyTrusted,
    ApprovalDiffers,
    ApprovalExpired,
    ApprovalMissing,
    ApprovalUnknown,
    ApprovalUsed,
    ApprovalWithdrawn,
    TrustUnknown,
)
from banking.authorisation.approvals.models import (
    ApprovalRow,
    ApprovalTerms,
    LowPayments,
    TrustedPayee,
)
from banking.authorisation.approvals.queries import Approval
from banking.authorisation.approvals.rules import (
    Act,
    Circumstances,
    Exemption,
    Known,
    Risk,
    State,
    Terms,
)
from banking.core.fx import queries as fx
from banking.core.fx.errors import NoRate, StaleRate
from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import command, reading, session
from kernel.errors import HouseError
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.mfa import service as factors
from kernel.people.mfa.service import Given

__all__ = [
    "Act",
    "Approval",
    "Exemption",
    "Known",
    "ResultPage",
    "State",
    "approve",
    "ask",
    "give",
    "load_reference_data",
    "redeem",
    "register_executor",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """Where the approve page leads: an endpoint, and its argument that takes the subject.

    Shape: is_way_back says that it also shows what was not approved.
    """

    endpoint: str
    argument: str
    is_way_back: bool = False


@dataclass(frozen=True, slots=True)
class _Executor:
    execute: Callable[[Approval, Actor], object]
    page: ResultPage
    refused: Callable[[Approval, HouseError, Actor], object] | None


_TO_NO_ACCOUNT = {
    Act.PURCHASE,
    Act.COVER,
    Act.COVER_CHANGE,
    Act.CARGO,
    Act.OPEN_COVER,
    Act.INDEMNITY_BACK,
}

_executors: dict[Act, _Executor] = {}
_NOTHING_MORE = Known()


def register_executor(
    *,
    act: Act,
    execute: Callable[[Approval, Actor], object],
    page: ResultPage,
    refused: Callable[[Approval, HouseError, Actor], object] | None = None,
) -> None:
    """Say what happens when an act is approved, and which page shows it.

    `refused` mends, in a command of its own, what made the act impossible.
    """
    _executors[act] = _Executor(execute, page, refused)


def page_of(act: Act) -> ResultPage | None:
    """Return which page shows what became of an act, None when nobody registered."""
    executor = _executors.get(act)
    return executor.page if executor else None


@command("banking.approvals.load_reference_data")
def load_reference_data(*, actor: Actor) -> None:
    """Store the dated terms; what stands already stays as it is."""
    path = Path(__file__).parent / "data" / "terms.json"
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    for row in rows:
        row["valid_from"] = date.fromisoformat(row["valid_from"])
    session().execute(insert(ApprovalTerms).on_conflict_do_nothing(), rows)


@command("banking.approvals.ask")
def ask(
    *,
    person_id: UUID,
    act: Act,
    amount: Money,
    payee: str,
    account: str,
    subject: str,
    actor: Actor,
    payer_id: UUID | None = None,
    known: Known = _NOTHING_MORE,
) -> Approval:
    """Ask a person to approve an act, or find that nobody need be asked and give it at once.

    Locks: the person's counters of low payments. Shape: account is an IBAN or a wallet's IBAN,
    subject what the asking room finds its act by. Raises: ReducedLimit, ReducedAct, CoolingLimit,
    CoolingAct.
    """
    assert amount.minor >= 0, "an act pays or moves nothing"
    owner, terms = payer_id or person_id, queries.terms_in_force()
    counted = _counted(person_id)
    in_euro = _in_euro(amount)
    account = rules.canonical_account(account)
    reduced_until = reduced.until(person_id, act)
    exemption = rules.exemption(
        Circumstances(
            act=act,
            in_euro=in_euro,
            is_own_account=_is_own(owner, act, account),
            is_trusted=_is_trusted(owner, account, known.payees),
            is_recurring=_is_next_of(known.series, owner, amount, account),
            is_reduced=reduced_until is not None,
            earlier_number=counted.earlier_number,
            earlier_sum=Money(counted.earlier_sum_minor, "EUR"),
            risk=_risk(person_id, act, terms),
        ),
        terms,
    )
    if reduced_until is not None and exemption is None and amount:
        reduced.check(person_id, in_euro, terms, reduced_until)
    if exemption is None:
        _check_cooled(person_id, act, in_euro)
    if exemption is Exemption.LOW_VALUE:
        assert in_euro is not None, "low value was reckoned in euro"
        counted.earlier_sum_minor += in_euro.minor
        counted.earlier_number += 1
    row = _new(person_id, owner, act, amount, payee, account, subject)
    row.euro_minor = in_euro.minor if in_euro else None
    _bind(row, terms, known.until)
    if exemption is not None:
        row.exemption, row.given_at, row.method = exemption, row.asked_at, "exempt"
    session().add(row)
    session().flush()
    return queries.view(row)


def approve(*, approval_id: UUID, given: Given, actor: Actor) -> Approval:
    """Check what the customer gave, then note the yes and do what was approved.

    A passkey signs the approval's own challenge; a code counts for the one act that its page shows.
    Raises: as `give`, and WrongCode, TooManyCodes, PasskeyRefused.
    """
    with reading():
        asked = queries.approval_for(actor, approval_id)
        _still_open(asked)
        _check_cooled(asked.person_id, asked.act, asked.in_euro)
    proof = factors.prove(
        given=given,
        person_id=asked.person_id,
        challenge=asked.challenge,
        recovery=False,
        actor=actor,
    )
    try:
        return give(
            approval_id=approval_id,
            method=proof.method,
            proof=dict(proof.evidence) or None,
            actor=actor,
        )
    except HouseError as refusal:
        if (executor := _executors.get(asked.act)) and executor.refused is not None:
            executor.refused(asked, refusal, actor)
        raise


@command("banking.approvals.give")
def give(
    *, approval_id: UUID, method: str, actor: Actor, proof: dict[str, Any] | None = None
) -> Approval:
    """Note that the person approved with a factor, and do what was approved.

    The approve page calls this once the factor is checked. Locks: the approval, the person's
    counters. Raises: ApprovalUnknown, ApprovalUsed, ApprovalWithdrawn, ApprovalExpired,
    CoolingLimit, CoolingAct, and whatever the act itself refuses; then the approval is still open.
    """
    row = _locked(approval_id)
    _theirs(row, actor)
    _still_good(row)
    if row.given_at is not None:
        raise ApprovalUsed
    counted = _counted(row.person_id)
    _check_cooled(row.person_id, Act(row.act), queries.view(row).in_euro)
    row.given_at, row.method, row.proof = clock.now(), method, proof
    counted.earlier_sum_minor = counted.earlier_number = 0
    session().flush()
    given = queries.view(row)
    executor = _executors.get(given.act)
    if executor is not None:
        executor.execute(given, actor)
    return queries.view(row)


@command("banking.approvals.redeem")
def redeem(
    *, approval_id: UUID | None, act: Act, amount: Money, payee: str, account: str, actor: Actor
) -> Approval:
    """Use an approval up for exactly what was approved, in the transaction of the act itself.

    Locks: the approval. Raises: ApprovalMissing when nobody asked or nobody said yes yet,
    ApprovalUnknown, ApprovalUsed, ApprovalWithdrawn, ApprovalExpired, ApprovalDiffers.
    """
    if approval_id is None:
        raise ApprovalMissing
    row = _locked(approval_id)
    _theirs(row, actor)
    _still_good(row)
    if row.given_at is None:
        raise ApprovalMissing
    really = rules.challenge(
        act=act,
        amount=amount,
        payee=payee,
        account=rules.canonical_account(account),
        subject=row.subject,
        nonce=row.nonce,
        expires_at=row.expires_at,
    )
    if not secrets.compare_digest(really, bytes(row.challenge)):
        raise ApprovalDiffers
    row.used_at = clock.now()
    session().flush()
    return queries.view(row)


@command("banking.approvals.withdraw")
def withdraw(*, approval_id: UUID, actor: Actor) -> Approval:
    """End an approval that was not used; used and withdrawn ones stay as they are."""
    row = _locked(approval_id)
    _theirs(row, actor)
    if row.used_at is None and row.withdrawn_at is None:
        row.withdrawn_at = clock.now()
    return queries.view(row)


@command("banking.approvals.trust")
def trust(*, approval: Approval, actor: Actor) -> None:
    """Add the payee of an approval to its payer's trusted ones; twice is once."""
    assert approval.act is Act.TRUST_PAYEE, "the list is changed by its own act"
    row = (
        insert(TrustedPayee)
        .values(
            id=new_id(),
            owner_id=approval.payer_id,
            account=approval.account,
            name=approval.payee,
            approval_id=approval.id,
            approved_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )
    session().execute(row)


@command("banking.approvals.end_trust")
def end_trust(*, owner_id: UUID, payee_id: UUID, actor: Actor) -> str:
    """Take somebody off an owner's list and return their name. Raises: TrustUnknown."""
    gone = (
        session()
        .execute(
            update(TrustedPayee)
            .where(
                TrustedPayee.id == payee_id,
                TrustedPayee.owner_id == owner_id,
                TrustedPayee.removed_at.is_(None),
            )
            .values(removed_at=clock.now())
            .returning(TrustedPayee.name)
        )
        .scalar_one_or_none()
    )
    if gone is None:
        raise TrustUnknown
    return gone


def refuse_trusted(*, owner_id: UUID, account: str) -> None:
    """Raise AlreadyTrusted when an owner trusts an account."""
    if queries.is_trusted(owner_id=owner_id, account=account):
        raise AlreadyTrusted


def _new(
    person_id: UUID, owner: UUID, act: Act, amount: Money, payee: str, account: str, subject: str
) -> ApprovalRow:
    return ApprovalRow(
        id=new_id(),
        person_id=person_id,
        payer_id=owner,
        act=act,
        amount_minor=amount.minor,
        currency=amount.currency,
        payee=payee,
        account=account,
        subject=subject,
        nonce=secrets.token_hex(16),
        asked_at=clock.now(),
    )


def _locked(approval_id: UUID) -> ApprovalRow:
    query = select(ApprovalRow).where(ApprovalRow.id == approval_id).with_for_update()
    row = session().scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise ApprovalUnknown
    return row


def _theirs(row: ApprovalRow, actor: Actor) -> None:
    if not queries.is_theirs(actor, row) and not actor.has(Role.SYSTEM):
        raise ApprovalUnknown


def _still_good(row: ApprovalRow) -> None:
    if row.used_at is not None:
        raise ApprovalUsed
    if row.withdrawn_at is not None:
        raise ApprovalWithdrawn
    if clock.now() >= row.expires_at:
        raise ApprovalExpired


def _still_open(asked: Approval) -> None:
    """Refuse before a code is used up for nothing."""
    if asked.state in {State.USED, State.GIVEN}:
        raise ApprovalUsed
    if asked.state is State.WITHDRAWN:
        raise ApprovalWithdrawn
    if not asked.is_open(clock.now()):
        raise ApprovalExpired


def _check_cooled(person_id: UUID, act: Act, in_euro: Money | None) -> None:
    """Refuse what a first factor may not approve yet. Raises: CoolingAct, CoolingLimit."""
    refused = queries.cooling_refusal(person_id, act, in_euro)
    if refused is not None:
        raise refused


def _counted(person_id: UUID) -> LowPayments:
    """Return a person's counters, locked: two payments at once must not both be the last low one.

    Locks: the counters.
    """
    row = insert(LowPayments).values(person_id=person_id, earlier_sum_minor=0, earlier_number=0)
    # Writing the key again changes nothing, but locks the row and gives it back.
    locked = row.on_conflict_do_update(
        index_elements=[LowPayments.person_id], set_={"person_id": row.excluded.person_id}
    )
    return (
        session()
        .scalars(locked.returning(LowPayments), execution_options={"populate_existing": True})
        .one()
    )


def _in_euro(amount: Money) -> Money | None:
    if amount.currency == "EUR":
        return amount
    try:
        return fx.convert(amount, "EUR", fx.fx_rate(base=amount.currency, quote="EUR"))
    except (NoRate, StaleRate):
        return None


def _is_own(owner_id: UUID, act: Act, account: str) -> bool:
    # A purchase goes to a checkout, cover to what is insured, none of them to an account.
    is_account = act not in _TO_NO_ACCOUNT
    wallet = wallets.wallet_by_iban(iban=account) if is_account else None
    return wallet is not None and wallet.owner_id == owner_id


def _bind(row: ApprovalRow, terms: Terms, until: datetime | None) -> None:
    latest = row.asked_at + timedelta(seconds=terms.approval_seconds)
    ends = max(min(latest, until or latest), row.asked_at + timedelta(seconds=1))
    row.expires_at = ends.replace(microsecond=0)
    row.challenge = queries.bound(row).challenge


def _is_trusted(owner: UUID, account: str, payees: Sequence[UUID]) -> bool:
    if payees:
        return queries.are_trusted(owner_id=owner, payees=payees)
    return queries.is_trusted(owner_id=owner, account=account)


def _risk(person_id: UUID, act: Act, terms: Terms) -> Risk | None:
    if act is not Act.PURCHASE:
        return None
    return queries.risk_of(person_id=person_id, terms=terms.risk)


def _is_next_of(series: UUID | None, owner_id: UUID, amount: Money, account: str) -> bool:
    first = session().get(ApprovalRow, series) if series else None
    if first is None or first.used_at is None or first.exemption is not None:
        return False
    signed = (Act(first.act), first.payer_id, first.amount_minor, first.currency, first.account)
    return signed == (Act.STANDING_ORDER, owner_id, amount.minor, amount.currency, account)
