"""Commands on batches: open one, let it be approved, book it group by group, call it off.

1. `open_batch(...)` keeps groups and lines with what is wrong with them; the same key or the same
   content finds the same batch. A group with any fault is refused as a whole.
2. What a customer uploads is approved as one (`ask_approval`); runs of the house `start`.
3. `execute` books every group whose day has come in a commit of its own, all of it or nothing.
   Whoever is killed in between loses nothing and pays nothing twice: a job goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import insert, select, text

from banking.accounts.wallets import queries as wallets
from banking.authorisation.approvals import queries as approved_acts
from banking.authorisation.approvals import service as approvals
from banking.authorisation.approvals.service import Act, Approval, ResultPage
from banking.transferring.bulk import finding, queries, rules
from banking.transferring.bulk.errors import (
    BatchKeyReused,
    BatchMoved,
    BatchUnknown,
    NamesUnseen,
    NotApprovedHere,
    NothingToPay,
)
from banking.transferring.bulk.events import BatchApproved, BatchFinished, BatchGroupClosed
from banking.transferring.bulk.models import Batch, BatchFault, BatchFile, BatchGroup, BatchLine
from banking.transferring.bulk.queries import BatchView, Outcome
from banking.transferring.bulk.rules import Fault, GroupState, Source, State
from banking.transferring.transfers import service as transfers
from banking.transferring.transfers.service import Order, Together
from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import command, in_command, reading, savepoint, session
from kernel.errors import LimitExceeded, NotFound, RuleBroken
from kernel.events import publish
from kernel.ids import derived_id, public_ref
from kernel.jobs import one_by_one
from kernel.money import Money, total

_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDraft:
    """A payment to be. Shape: amount None where what is written is none; account as it is kept."""

    end_to_end: str
    name: str
    account: str
    amount: Money | None
    reference: str = ""
    instruction_id: str = ""
    written: str = ""
    outcome: Outcome = Outcome.CANNOT
    holder_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDraft:
    """Payments from one wallet on one day, all or nothing.

    Shape: wallet_id None for an account that is not the owner's, which the group's fault says;
    due_on None is at once; person_id is in whose name it is paid when nobody approves the batch.
    """

    group_ref: str
    debtor: str
    wallet_id: UUID | None
    currency: str
    lines: Sequence[LineDraft]
    due_on: date | None = None
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a batch comes from. Shape: content is the file as it came, empty without one."""

    source: Source
    message_id: str
    file_name: str = ""
    content: bytes = b""


@command("banking.bulk.open_batch")
def open_batch(
    *,
    key: UUID,
    owner_id: UUID,
    origin: Origin,
    groups: Sequence[GroupDraft],
    actor: Actor,
    faults: Sequence[Fault] = (),
) -> BatchView:
    """Keep a batch with its faults; the same key, or the same content again, finds the first one.

    Message and end-to-end ids of earlier batches that count are refused here, because here the
    owner's batches are opened one by one. Locks: the owner's batches.
    Raises: BatchKeyReused.
    """
    session().execute(_ONE_BY_ONE, {"name": f"batches:{owner_id}"})
    digest = hashlib.sha256(origin.content or _told(origin, groups)).digest()
    known = finding.known_batch(key=key, owner_id=owner_id, digest=digest)
    if known is not None and (known.owner_id, known.digest) != (owner_id, digest):
        raise BatchKeyReused
    if known is not None:
        return queries.view(known)
    all_faults = [*faults, *_repetitions(owner_id, origin, groups)]
    refused = {fault.group for fault in all_faults}
    payable = [n for n, _ in enumerate(groups, 1) if not refused & {0, n}]
    assert all(line.amount for n in payable for line in groups[n - 1].lines), "checked before"
    row = Batch(
        id=key,
        ref=public_ref("B"),
        owner_id=owner_id,
        person_id=actor.person_id,
        source=origin.source,
        file_name=origin.file_name,
        message_id=origin.message_id,
        digest=digest,
        state=State.CHECKED if payable else State.REFUSED,
        opened_at=clock.now(),
        finished_at=None if payable else clock.now(),
    )
    session().add(row)
    session().flush()
    _keep(row, origin, groups, all_faults, set(payable))
    return queries.view(row)


def _told(origin: Origin, groups: Sequence[GroupDraft]) -> bytes:
    """Return the content of a batch that came in no file."""
    payments = [
        rules.Payment(
            group=n,
            line=m,
            debtor=group.debtor,
            due_on=group.due_on,
            account=line.account,
            name=line.name,
            amount=line.amount or Money.zero(group.currency),
            end_to_end=line.end_to_end,
            reference=line.reference,
        )
        for n, group in enumerate(groups, 1)
        for m, line in enumerate(group.lines, 1)
    ]
    return f"{origin.source}/{origin.message_id}/{rules.fingerprint(payments)}".encode()


def _repetitions(owner_id: UUID, origin: Origin, groups: Sequence[GroupDraft]) -> list[Fault]:
    """Return a fault for every id that an earlier batch has."""
    named = {line.end_to_end for group in groups for line in group.lines}
    before = finding.seen_before(owner_id=owner_id, end_to_end=sorted(named))
    faults = [
        Fault(
            group=n,
            line=m,
            field="EndToEndId",
            code="DU04",
            kind="end_to_end_before",
            value=line.end_to_end,
        )
        for n, group in enumerate(groups, 1)
        for m, line in enumerate(group.lines, 1)
        if line.end_to_end in before
    ]
    if finding.is_message_known(owner_id=owner_id, message_id=origin.message_id):
        faults.insert(
            0, Fault(field="MsgId", code="DU01", kind="message_before", value=origin.message_id)
        )
    return faults


def _keep(
    row: Batch,
    origin: Origin,
    groups: Sequence[GroupDraft],
    faults: Sequence[Fault],
    payable: set[int],
) -> None:
    if origin.content:
        session().add(BatchFile(batch_id=row.id, content=origin.content))
    session().add_all(
        BatchGroup(
            batch_id=row.id,
            number=n,
            group_ref=group.group_ref,
            debtor=group.debtor,
            wallet_id=group.wallet_id,
            person_id=group.person_id or row.person_id,
            due_on=group.due_on,
            lines=len(group.lines),
            currency=group.currency,
            total_minor=total([g.amount for g in group.lines if g.amount], group.currency).minor,
            state=GroupState.READY if n in payable else GroupState.REFUSED,
        )
        for n, group in enumerate(groups, 1)
    )
    session().flush()
    lines = [
        _line(row, n, m, group, line)
        for n, group in enumerate(groups, 1)
        for m, line in enumerate(group.lines, 1)
    ]
    if lines:
        session().execute(insert(BatchLine), lines)
    if faults:
        session().execute(
            insert(BatchFault),
            [
                {
                    "batch_id": row.id,
                    "group_number": f.group,
                    "line_number": f.line,
                    "field": f.field,
                    "code": f.code,
                    "kind": f.kind,
                    "value": f.value,
                }
                for f in faults
            ],
        )


def transfer_id(*, batch_id: UUID, group: int, line: int) -> UUID:
    """Return the id of the transfer that a line becomes once its group is booked."""
    return derived_id(batch_id, f"{group}/{line}")


def _line(row: Batch, n: int, m: int, group: GroupDraft, line: LineDraft) -> dict[str, object]:
    return {
        "batch_id": row.id,
        "group_number": n,
        "number": m,
        "owner_id": row.owner_id,
        "transfer_id": transfer_id(batch_id=row.id, group=n, line=m),
        "instruction_id": line.instruction_id,
        "end_to_end": line.end_to_end,
        "name": line.name,
        "account": line.account,
        "currency": line.amount.currency if line.amount else group.currency,
        "amount_minor": line.amount.minor if line.amount else None,
        "written": line.written,
        "reference": line.reference,
        "outcome": line.outcome,
        "holder_name": line.holder_name,
    }


@command("banking.bulk.ask_approval")
def ask_approval(
    *, ref: str, owner_id: UUID, actor: Actor, whatever_names: bool = False
) -> Approval:
    """Ask for the one approval of a checked batch; it is bound to count, total and every line.

    An approval that is still open is asked again; one that is over is replaced. Locks: the batch.
    Raises: BatchUnknown, BatchMoved, NothingToPay, NamesUnseen, ReducedLimit.
    """
    person_id = actor.somebody()
    row = _by_ref(ref, owner_id)
    if row.state == State.REFUSED:
        raise NothingToPay
    if row.state != State.CHECKED:
        raise BatchMoved(state=row.state)
    if not whatever_names and queries.differing_names(batch_id=row.id):
        raise NamesUnseen
    if row.approval_id is not None:
        asked = approved_acts.approval(approval_id=row.approval_id)
        if asked.is_open(clock.now()) and asked.person_id == person_id:
            return asked
    bound = finding.bound(batch_id=row.id)
    asked = approvals.ask(
        person_id=person_id,
        act=Act.BATCH,
        amount=bound.total,
        payee=str(bound.number),
        account=bound.fingerprint,
        subject=row.ref,
        actor=actor,
        payer_id=owner_id,
    )
    row.approval_id = asked.id
    session().flush()
    return asked


def approved(approval: Approval, actor: Actor) -> None:
    """Let a batch be booked, in the transaction of the customer's yes.

    Everything is reckoned anew from the lines as they stand: whoever changed one has no approval.
    """
    row = _by_ref(approval.subject, approval.payer_id)
    if row.state != State.CHECKED:
        raise BatchMoved(state=row.state)
    bound = finding.bound(batch_id=row.id)
    approvals.redeem(
        approval_id=row.approval_id,
        act=Act.BATCH,
        amount=bound.total,
        payee=str(bound.number),
        account=bound.fingerprint,
        actor=actor,
    )
    _start(row, approval.person_id)


@command("banking.bulk.start")
def start(*, batch_id: UUID, actor: Actor) -> BatchView:
    """Let a run of the house be booked: its customers agreed to it when they set it up.

    A second start changes nothing. Locks: the batch. Events: BatchApproved.
    Raises: BatchUnknown, NotApprovedHere for what a customer uploaded, NothingToPay.
    """
    row = _by_id(batch_id)
    if row.source == Source.UPLOAD or not actor.roles & {Role.SYSTEM, Role.OPERATOR}:
        raise NotApprovedHere
    if row.state == State.REFUSED:
        raise NothingToPay
    if row.state == State.CHECKED:
        _start(row, None)
    return queries.view(row)


def _start(row: Batch, person_id: UUID | None) -> None:
    row.state, row.approved_at = rules.advance(State(row.state), State.APPROVED), clock.now()
    for group in _groups(row.id):
        if group.state == GroupState.READY:
            group.state = rules.advance_group(GroupState.READY, GroupState.WAITING)
            group.person_id = person_id or group.person_id
    session().flush()
    publish(BatchApproved(batch_id=row.id))


def execute(*, batch_id: UUID, actor: Actor) -> None:
    """Book every group of an approved batch whose day has come, each in a commit of its own.

    One that fails by a fault of ours holds no other up. Raises: the first fault, after the others.
    """
    assert not in_command(), "each group has a commit of its own"
    with reading():
        due = queries.due_groups(batch_id=batch_id)
    one_by_one(due, lambda number: book_group(batch_id=batch_id, number=number, actor=actor))


@command("banking.bulk.book_group")
def book_group(*, batch_id: UUID, number: int, actor: Actor) -> GroupState:
    """Book all payments of a group, or decline it with the reason and book none.

    A second call finds what the first did. Locks: the batch, then as transfers.pay_many.
    Events: BatchGroupClosed, TransferArrived, BatchFinished after the last group.
    """
    row = _by_id(batch_id)
    group = session().get(BatchGroup, (batch_id, number), populate_existing=True)
    assert group is not None, "groups stay"
    if group.state != GroupState.WAITING or not rules.is_due(group.due_on, clock.now()):
        return GroupState(group.state)
    try:
        with savepoint():
            _pay(row, group, actor)
    except (RuleBroken, LimitExceeded, NotFound) as refusal:
        _close(row, group, GroupState.DECLINED, refusal.code)
    else:
        _close(row, group, GroupState.BOOKED)
    return GroupState(group.state)


def _pay(row: Batch, group: BatchGroup, actor: Actor) -> None:
    assert group.wallet_id is not None, "a group that can be paid has a wallet"
    assert group.person_id is not None, "somebody agreed to it"
    lines = finding.lines_of_group(batch_id=row.id, number=group.number)
    transfers.pay_many(
        together=Together(
            wallet=wallets.wallet(wallet_id=group.wallet_id),
            batch_id=row.id,
            person_id=group.person_id,
            approval_id=row.approval_id,
        ),
        orders=[
            Order(
                id=line.transfer_id,
                account=line.account,
                name=line.name,
                amount=Money(line.amount_minor or 0, line.currency),
                reference=line.reference,
                outcome=Outcome(line.outcome),
                holder_name=line.holder_name,
            )
            for line in lines
        ],
        actor=actor,
    )


def _close(row: Batch, group: BatchGroup, to: GroupState, reason: str = "") -> None:
    group.state = rules.advance_group(GroupState(group.state), to)
    group.reason, group.closed_at = reason, clock.now()
    session().flush()
    publish(BatchGroupClosed(batch_id=row.id, number=group.number, state=to.value, reason=reason))
    if row.state == State.APPROVED and rules.is_over(
        GroupState(one.state) for one in _groups(row.id)
    ):
        row.state, row.finished_at = rules.advance(State.APPROVED, State.FINISHED), clock.now()
        session().flush()
        publish(BatchFinished(batch_id=row.id))


@command("banking.bulk.cancel")
def cancel(*, ref: str, owner_id: UUID, actor: Actor, reason: str = "") -> BatchView:
    """Call off what is not booked yet: the whole batch, or the groups that wait for their day.

    Locks: the batch. Events: BatchGroupClosed, BatchFinished. Raises: BatchUnknown, BatchMoved.
    """
    row = _by_ref(ref, owner_id)
    if row.state == State.CANCELLED:
        return queries.view(row)
    if row.state not in {State.CHECKED, State.APPROVED}:
        raise BatchMoved(state=row.state)
    if row.state == State.CHECKED:
        if row.approval_id is not None:
            approvals.withdraw(approval_id=row.approval_id, actor=actor)
        row.state = rules.advance(State.CHECKED, State.CANCELLED)
        row.finished_at = clock.now()
    for group in _groups(row.id):
        if group.state in {GroupState.READY, GroupState.WAITING}:
            _close(row, group, GroupState.CANCELLED, reason)
    session().flush()
    return queries.view(row)


def _groups(batch_id: UUID) -> Sequence[BatchGroup]:
    query = select(BatchGroup).where(BatchGroup.batch_id == batch_id).order_by(BatchGroup.number)
    return session().scalars(query).all()


def _by_ref(ref: str, owner_id: UUID) -> Batch:
    query = select(Batch).where(Batch.ref == ref, Batch.owner_id == owner_id)
    row = session().scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise BatchUnknown
    return row


def _by_id(batch_id: UUID) -> Batch:
    query = select(Batch).where(Batch.id == batch_id).with_for_update()
    row = session().scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise BatchUnknown
    return row


approvals.register_executor(
    act=Act.BATCH, execute=approved, page=ResultPage("payment_files.show", "ref")
)
