"""What the commands on batches look up: what is known already, and what is approved and paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from banking.transferring.bulk import rules
from banking.transferring.bulk.models import Batch, BatchGroup, BatchLine
from banking.transferring.bulk.queries import NOT_PROVIDED
from banking.transferring.bulk.rules import COUNTS, GroupState, Payment
from kernel.db import session
from kernel.money import Money, total


@dataclass(frozen=True, slots=True)
class Bound:
    """What an approval of a batch is for."""

    number: int
    total: Money
    fingerprint: str


def bound(*, batch_id: UUID) -> Bound:
    """Return count, total and fingerprint over every line that can be paid, read anew."""
    query = (
        select(BatchLine, BatchGroup.debtor, BatchGroup.due_on)
        .join(
            BatchGroup,
            (BatchGroup.batch_id == BatchLine.batch_id)
            & (BatchGroup.number == BatchLine.group_number),
        )
        .where(BatchLine.batch_id == batch_id, BatchGroup.state == GroupState.READY)
        .order_by(BatchLine.group_number, BatchLine.number)
    )
    payments = [
        Payment(
            group=row.group_number,
            line=row.number,
            debtor=debtor,
            due_on=due_on,
            account=row.account,
            name=row.name,
            amount=Money(row.amount_minor or 0, row.currency),
            end_to_end=row.end_to_end,
            reference=row.reference,
        )
        for row, debtor, due_on in session().execute(query)
    ]
    assert payments, "a batch without a payable line is refused"
    amounts = [payment.amount for payment in payments]
    return Bound(len(payments), total(amounts, amounts[0].currency), rules.fingerprint(payments))


def lines_of_group(*, batch_id: UUID, number: int) -> Sequence[BatchLine]:
    """Return all lines of a group as they were given, for the command that pays them."""
    query = select(BatchLine).where(
        BatchLine.batch_id == batch_id, BatchLine.group_number == number
    )
    return session().scalars(query.order_by(BatchLine.number)).all()


def known_batch(*, key: UUID, owner_id: UUID, digest: bytes) -> Batch | None:
    """Return the batch with a key, else the owner's one with the same content that counts."""
    known = session().get(Batch, key)
    if known is not None:
        return known
    query = select(Batch).where(
        Batch.owner_id == owner_id, Batch.digest == digest, Batch.state.in_(COUNTS)
    )
    return session().scalars(query).one_or_none()


def is_message_known(*, owner_id: UUID, message_id: str) -> bool:
    """Whether an owner's batch that counts has a message id."""
    query = select(Batch.id).where(
        Batch.owner_id == owner_id, Batch.message_id == message_id, Batch.state.in_(COUNTS)
    )
    return session().execute(query).first() is not None


def seen_before(*, owner_id: UUID, end_to_end: Sequence[str]) -> set[str]:
    """Return which end-to-end ids stand in groups of an owner that are, or may be, paid."""
    query = (
        select(BatchLine.end_to_end)
        .join(
            BatchGroup,
            (BatchGroup.batch_id == BatchLine.batch_id)
            & (BatchGroup.number == BatchLine.group_number),
        )
        .where(
            BatchLine.owner_id == owner_id,
            BatchLine.end_to_end == func.any(list(end_to_end)),
            BatchLine.end_to_end != NOT_PROVIDED,
            BatchGroup.state.in_([GroupState.READY, GroupState.WAITING, GroupState.BOOKED]),
        )
        .distinct()
    )
    return set(session().scalars(query))
