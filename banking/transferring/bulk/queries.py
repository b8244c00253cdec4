"""Batches as their owner, the jobs and the other rooms see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_

from banking.accounts.wallets.queries import is_ours
from banking.authorisation.payees.queries import printed
from banking.transferring.bulk.errors import BatchUnknown
from banking.transferring.bulk.models import Batch, BatchFault, BatchFile, BatchGroup, BatchLine
from banking.transferring.bulk.rules import Fault, GroupState, Source, State, Terms
from banking.transferring.transfers.models import Transfer
from banking.transferring.transfers.queries import Outcome
from banking.transferring.transfers.queries import State as TransferState
from kernel import clock, dated
from kernel.db import session
from kernel.money import Money, total

__all__ = [
    "BatchView",
    "Fault",
    "GroupState",
    "Outcome",
    "Source",
    "State",
    "TransferState",
    "terms",
]

PAGE = 30
LINES = 50
# What a file writes when a payment has no id of its own; it may repeat.
NOT_PROVIDED = "NOTPROVIDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """A group. Shape: total is of the lines whose amount can be read; reason is a code of ours."""

    number: int
    group_ref: str
    debtor: str
    wallet_id: UUID | None
    due_on: date | None
    lines: int
    total: Money
    state: GroupState
    reason: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """A batch with its groups, in their order."""

    id: UUID
    ref: str
    owner_id: UUID
    person_id: UUID | None
    source: Source
    file_name: str
    message_id: str
    state: State
    approval_id: UUID | None
    opened_at: datetime
    approved_at: datetime | None
    finished_at: datetime | None
    groups: Sequence[GroupView]

    @property
    def payable(self) -> list[GroupView]:
        """The groups that are, will be or might have been paid."""
        return [group for group in self.groups if group.state is not GroupState.REFUSED]

    @property
    def payable_payments(self) -> int:
        """How many payments those groups have."""
        return sum(group.lines for group in self.payable)

    @property
    def total(self) -> Money | None:
        """What those groups pay together, None without any or in several currencies."""
        amounts = [group.total for group in self.payable]
        is_one = len({amount.currency for amount in amounts}) == 1
        return total(amounts, amounts[0].currency) if is_one else None

    @property
    def can_be_called_off(self) -> bool:
        """Whether anything of it is not booked yet."""
        return any(g.state in {GroupState.READY, GroupState.WAITING} for g in self.groups)

    @property
    def payments(self) -> int:
        """How many payments it has, refused ones too."""
        return sum(group.lines for group in self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A payment of a batch.

    Shape: transfer_state and the like are of what it became, None and empty before it is booked.
    """

    group: int
    number: int
    instruction_id: str
    end_to_end: str
    name: str
    account: str
    amount: Money | None
    written: str
    reference: str
    outcome: Outcome
    holder_name: str
    transfer_ref: str
    transfer_state: TransferState | None
    reason: str

    @property
    def printed_account(self) -> str:
        """The account as people read it."""
        return printed(self.account)

    @property
    def place(self) -> tuple[int, int]:
        """Group and number, both from one."""
        return self.group, self.number


@cache
def _terms() -> Sequence[Terms]:
    return dated.read(Path(__file__).parent / "data" / "terms.json", Terms)


def terms() -> Terms:
    """Return what a batch may hold today."""
    return dated.in_force(_terms(), clock.today())


def batch(*, batch_id: UUID) -> BatchView:
    """Return a batch. Raises: BatchUnknown."""
    row = session().get(Batch, batch_id)
    if row is None:
        raise BatchUnknown
    return view(row)


def batch_by_ref(*, ref: str) -> BatchView:
    """Return the batch with a reference. Raises: BatchUnknown."""
    row = session().scalars(select(Batch).where(Batch.ref == ref)).one_or_none()
    if row is None:
        raise BatchUnknown
    return view(row)


def batches_of(*, owner_id: UUID, source: Source, before: UUID | None = None) -> list[BatchView]:
    """Return a page of an owner's batches, newest first, and one more if there is one."""
    query = (
        select(Batch)
        .where(Batch.owner_id == owner_id, Batch.source == source)
        .order_by(Batch.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Batch.id < before)
    rows = session().scalars(query).all()
    of_batch: dict[UUID, list[BatchGroup]] = {row.id: [] for row in rows}
    groups = select(BatchGroup).where(BatchGroup.batch_id.in_(of_batch))
    for group in session().scalars(groups.order_by(BatchGroup.number)):
        of_batch[group.batch_id].append(group)
    return [_view(row, of_batch[row.id]) for row in rows]


def lines_of(
    *, batch_id: UUID, after: tuple[int, int] = (0, 0), most: int = LINES
) -> list[LineView]:
    """Return lines after a place, in their order, with what became of them, and one more if any."""
    query = (
        select(BatchLine, Transfer.ref, Transfer.state, Transfer.reason)
        .outerjoin(Transfer, Transfer.id == BatchLine.transfer_id)
        .where(
            BatchLine.batch_id == batch_id,
            tuple_(BatchLine.group_number, BatchLine.number) > after,
        )
        .order_by(BatchLine.group_number, BatchLine.number)
        .limit(most + 1)
    )
    return [_line(*row) for row in session().execute(query)]


def faults_of(*, batch_id: UUID, after: int = 0, most: int = LINES) -> list[tuple[int, Fault]]:
    """Return faults of a batch in their order, each with its key, and one more if there is one."""
    query = (
        select(BatchFault)
        .where(BatchFault.batch_id == batch_id, BatchFault.id > after)
        .order_by(BatchFault.id)
        .limit(most + 1)
    )
    return [
        (
            row.id,
            Fault(
                group=row.group_number,
                line=row.line_number,
                field=row.field,
                code=row.code,
                kind=row.kind,
                value=row.value,
            ),
        )
        for row in session().scalars(query)
    ]


def number_of_faults(*, batch_id: UUID) -> int:
    """Return how much is wrong with a batch."""
    query = select(func.count()).where(BatchFault.batch_id == batch_id)
    return session().execute(query).scalar_one()


def file_of(*, batch_id: UUID) -> bytes:
    """Return the file of a batch as it came, empty without one."""
    row = session().get(BatchFile, batch_id)
    return row.content if row else b""


def differing_names(*, batch_id: UUID) -> int:
    """Return how many payable lines name somebody whose account it is not."""
    query = _differing(batch_id).with_only_columns(func.count())
    return session().execute(query.order_by(None)).scalar_one()


def lines_with_other_names(*, batch_id: UUID, most: int = LINES) -> list[LineView]:
    """Return the first of those lines."""
    rows = session().scalars(_differing(batch_id).limit(most))
    return [_line(row, None, None, None) for row in rows]


def _differing(batch_id: UUID) -> Select[BatchLine]:
    return (
        select(BatchLine)
        .join(
            BatchGroup,
            (BatchGroup.batch_id == BatchLine.batch_id)
            & (BatchGroup.number == BatchLine.group_number),
        )
        .where(
            BatchLine.batch_id == batch_id,
            BatchGroup.state == GroupState.READY,
            BatchLine.outcome.in_([Outcome.NO_MATCH, Outcome.CLOSE]),
        )
        .order_by(BatchLine.group_number, BatchLine.number)
    )


def outside_lines(*, batch_id: UUID) -> dict[int, int]:
    """Return how many lines of each group pay accounts of other banks."""
    query = select(BatchLine.group_number, BatchLine.account).where(BatchLine.batch_id == batch_id)
    accounts = session().execute(query).all()
    return Counter(number for number, account in accounts if not is_ours(account))


def due_groups(*, batch_id: UUID) -> list[int]:
    """Return the numbers of a batch's groups that are to be booked now."""
    query = select(BatchGroup.number).where(
        BatchGroup.batch_id == batch_id, BatchGroup.state == GroupState.WAITING, _is_due()
    )
    return list(session().scalars(query.order_by(BatchGroup.number)))


def due_batches(*, most: int = 200) -> list[UUID]:
    """Return batches with groups that are to be booked now."""
    query = select(BatchGroup.batch_id).where(BatchGroup.state == GroupState.WAITING, _is_due())
    return list(session().scalars(query.distinct().limit(most)))


def _is_due() -> ColumnElement[bool]:
    return or_(BatchGroup.due_on.is_(None), BatchGroup.due_on <= clock.today())


def unapproved(*, most: int = 200) -> list[tuple[str, UUID]]:
    """Return reference and owner of batches that nobody approved in time."""
    query = select(Batch.ref, Batch.owner_id).where(
        Batch.state == State.CHECKED, Batch.opened_at < clock.now() - terms().open_for
    )
    return [(ref, owner) for ref, owner in session().execute(query.limit(most))]


def view(row: Batch) -> BatchView:
    """Return a stored batch."""
    groups = select(BatchGroup).where(BatchGroup.batch_id == row.id).order_by(BatchGroup.number)
    return _view(row, session().scalars(groups).all())


def _view(row: Batch, groups: Sequence[BatchGroup]) -> BatchView:
    return BatchView(
        id=row.id,
        ref=row.ref,
        owner_id=row.owner_id,
        person_id=row.person_id,
        source=Source(row.source),
        file_name=row.file_name,
        message_id=row.message_id,
        state=State(row.state),
        approval_id=row.approval_id,
        opened_at=row.opened_at,
        approved_at=row.approved_at,
        finished_at=row.finished_at,
        groups=[
            GroupView(
                number=g.number,
                group_ref=g.group_ref,
                debtor=g.debtor,
                wallet_id=g.wallet_id,
                due_on=g.due_on,
                lines=g.lines,
                total=Money(g.total_minor, g.currency),
                state=GroupState(g.state),
                reason=g.reason,
                closed_at=g.closed_at,
            )
            for g in groups
        ],
    )


def _line(row: BatchLine, ref: str | None, state: str | None, reason: str | None) -> LineView:
    has_amount = row.amount_minor is not None
    return LineView(
        group=row.group_number,
        number=row.number,
        instruction_id=row.instruction_id,
        end_to_end=row.end_to_end,
        name=row.name,
        account=row.account,
        amount=Money(row.amount_minor or 0, row.currency) if has_amount else None,
        written=row.written,
        reference=row.reference,
        outcome=Outcome(row.outcome),
        holder_name=row.holder_name,
        transfer_ref=ref or "",
        transfer_state=TransferState(state) if state else None,
        reason=reason or "",
    )
