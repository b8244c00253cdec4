"""Both sides of each pair of books, and the differences between them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, text

from banking.control.reconciliation.errors import DifferenceUnknown
from banking.control.reconciliation.models import Comparison, Difference, StatementLine
from banking.control.reconciliation.rules import (
    PROPOSED,
    WAITING,
    Action,
    Item,
    Kind,
    State,
    journal_reference,
    order_reference,
)
from kernel.db import session
from kernel.money import Money
from kernel.people.identity import queries as people

PAGE = 40
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
# What a book has since an instant; with references instead, all it ever had under those.
Side = Callable[[datetime, Collection[str]], list[Item]]

# What our claim on the network changed by, each entry under the name the network knows it by.
_CARD = text(
    """
    SELECT j.id, j.kind, j.booked_at, e.currency, -e.amount AS amount,
        coalesce(p.payment_ref, r.refund_ref, d.dispute_ref, j.subject) AS about
    FROM banking.journals j
    JOIN banking.entries e ON e.journal_id = j.id AND e.phase = 1
    JOIN banking.ledger_accounts a ON a.id = e.account_id AND a.kind = :account
    LEFT JOIN banking.card_payments p ON p.ref = j.subject
    LEFT JOIN banking.card_refunds r ON r.ref = j.subject
    LEFT JOIN banking.card_disputes d ON d.ref = j.subject
    WHERE j.kind <> ALL (CAST(:besides AS text[])) AND CASE
        WHEN cardinality(CAST(:about AS text[])) = 0 THEN j.booked_at >= :since
        ELSE coalesce(p.payment_ref, r.refund_ref, d.dispute_ref, j.subject)
            = ANY (CAST(:about AS text[]))
    END
    """
)

# What left through the payment network and came back. A transfer that nobody handed over yet is no
# affair of the network's, and what only moves between our own accounts of it adds up to nothing.
_RAIL = text(
    """
    SELECT j.id, greatest(t.taken_at, j.booked_at) AS at, e.currency, -sum(e.amount) AS amount,
        j.subject AS about
    FROM banking.journals j
    JOIN banking.entries e ON e.journal_id = j.id AND e.phase = 1
    JOIN banking.ledger_accounts a
        ON a.id = e.account_id AND a.kind = ANY (CAST(:accounts AS text[]))
    LEFT JOIN banking.transfers t ON t.ref = j.subject
    WHERE j.kind <> 'difference_booked' AND (t.ref IS NULL OR t.taken_at IS NOT NULL) AND CASE
        WHEN cardinality(CAST(:about AS text[])) = 0
            THEN greatest(t.taken_at, j.booked_at) >= :since
        ELSE j.subject = ANY (CAST(:about AS text[]))
    END
    GROUP BY j.id, t.taken_at, e.currency HAVING sum(e.amount) <> 0
    """
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two books that must agree.

    Shape: account is ours. Units: grace is how much later theirs may have what ours has.
    """

    name: str
    account: str
    ours: Side
    theirs: Side
    grace: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceView:
    """A difference as the desk shows it. Units: amounts are what each book adds to our claim."""

    id: UUID
    ref: str
    pair: str
    kind: Kind
    action: Action
    reference: str
    ours: Money
    theirs: Money
    state: State
    at: datetime
    found_at: datetime
    closed_at: datetime | None
    note: str
    maker_id: UUID | None
    checker_id: UUID | None

    @property
    def amount(self) -> Money:
        """What their book has more than ours."""
        return self.theirs - self.ours

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has to do something."""
        return self.state in WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferencePage:
    """One difference with who proposed what."""

    difference: DifferenceView
    maker: str
    checker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """One comparison that was made."""

    pair: str
    until: datetime
    ran_at: datetime
    compared: int
    found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the operator works on: what waits, what ended, and the newest comparisons."""

    waiting: Sequence[DifferenceView]
    closed: Sequence[DifferenceView]
    before: datetime | None
    comparisons: Sequence[ComparisonView]


def ledger_items(account: str, *, besides: Sequence[str] = ()) -> Side:
    """Return the side of a pair that reads an account of ours; `besides` kinds are left out."""

    def read(since: datetime, references: Collection[str]) -> list[Item]:
        where = {
            "account": account,
            "since": since,
            "besides": [*besides, "difference_booked"],
            "about": [reference.partition(":")[2] for reference in references],
        }
        items = [
            Item(
                reference=journal_reference(row.kind, row.about),
                ref=f"journal-{row.id}",
                amount=Money(int(row.amount), row.currency),
                at=row.booked_at,
            )
            for row in session().execute(_CARD, where)
        ]
        return [one for one in items if not references or one.reference in references]

    return read


def rail_items(*accounts: str) -> Side:
    """Return the side of a pair that reads accounts of ours at the payment network as one."""

    def read(since: datetime, references: Collection[str]) -> list[Item]:
        where = {
            "accounts": list(accounts),
            "since": since,
            "about": [reference.partition(":")[2] for reference in references],
        }
        return [
            Item(
                reference=order_reference(row.about),
                ref=f"journal-{row.id}",
                amount=Money(int(row.amount), row.currency),
                at=row.at,
            )
            for row in session().execute(_RAIL, where)
        ]

    return read


def statement_items(source: str) -> Side:
    """Return the side of a pair that reads lines of somebody else's book."""

    def read(since: datetime, references: Collection[str]) -> list[Item]:
        query = select(StatementLine).where(
            StatementLine.source == source,
            StatementLine.reference.in_(references)
            if references
            else StatementLine.imported_at >= since,
        )
        return [
            Item(
                reference=line.reference,
                ref=line.ref,
                at=line.at,
                amount=Money(line.amount_minor, line.currency),
            )
            for line in session().execute(query).scalars()
        ]

    return read


def newest_line(*, source: str) -> datetime:
    """Return the time of the newest line of a source, by its own clock."""
    query = select(func.max(StatementLine.at)).where(StatementLine.source == source)
    return session().execute(query).scalar_one() or _BEGINNING


def last_comparison(*, pair: str) -> datetime | None:
    """Return when a pair was compared last."""
    query = select(func.max(Comparison.ran_at)).where(Comparison.pair == pair)
    return session().execute(query).scalar_one()


def settled(*, pair: str) -> frozenset[str]:
    """Return the references of a pair that people ended: they are not found again."""
    ended = [State.EXPLAINED, State.BOOKED]
    query = select(Difference.reference).where(Difference.pair == pair, Difference.state.in_(ended))
    return frozenset(session().execute(query).scalars())


def waiting() -> list[DifferenceView]:
    """Return what waits for somebody, oldest first, a page of it."""
    query = (
        select(Difference)
        .where(Difference.state.in_([state.value for state in WAITING]))
        .order_by(Difference.at, Difference.id)
        .limit(PAGE)
    )
    return [view(row) for row in session().execute(query).scalars()]


def desk(*, before: datetime | None) -> Desk:
    """Return what waits, a page of what ended, and the newest comparisons."""
    query = (
        select(Difference)
        .where(Difference.closed_at.is_not(None))
        .order_by(Difference.closed_at.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Difference.closed_at < before)
    closed = [view(row) for row in session().execute(query).scalars()]
    return Desk(
        waiting=waiting(),
        closed=closed[:PAGE],
        comparisons=comparisons(),
        before=closed[PAGE - 1].closed_at if len(closed) > PAGE else None,
    )


def comparisons(*, count: int = 10) -> list[ComparisonView]:
    """Return the newest comparisons."""
    query = select(Comparison).order_by(Comparison.ran_at.desc(), Comparison.pair).limit(count)
    return [
        ComparisonView(
            pair=one.pair,
            until=one.until,
            ran_at=one.ran_at,
            compared=one.compared,
            found=one.found,
        )
        for one in session().execute(query).scalars()
    ]


def difference(ref: str) -> DifferencePage:
    """Return a difference. Raises: DifferenceUnknown."""
    query = select(Difference).where(Difference.ref == ref)
    row = session().execute(query).scalar_one_or_none()
    if row is None:
        raise DifferenceUnknown
    return DifferencePage(
        difference=view(row), maker=_name(row.maker_id), checker=_name(row.checker_id)
    )


def _name(person_id: UUID | None) -> str:
    person = people.person(person_id) if person_id else None
    return person.name if person else ""


def view(found: Difference) -> DifferenceView:
    """Return a stored difference as a view."""
    kind = Kind(found.kind)
    return DifferenceView(
        id=found.id,
        ref=found.ref,
        pair=found.pair,
        kind=kind,
        action=PROPOSED[kind],
        reference=found.reference,
        ours=Money(found.ours_minor, found.currency),
        theirs=Money(found.theirs_minor, found.currency),
        state=State(found.state),
        at=found.at,
        found_at=found.found_at,
        closed_at=found.closed_at,
        note=found.note,
        maker_id=found.maker_id,
        checker_id=found.checker_id,
    )
