"""Losses, and the debts they may come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text

from banking.cards.disputes import queries as disputes
from banking.cards.disputes.queries import DisputePage, DisputeView
from banking.control.write_offs.errors import LossUnknown
from banking.control.write_offs.models import Loss
from banking.control.write_offs.rules import Kind, State
from kernel.db import session
from kernel.errors import NotFound
from kernel.money import Money

__all__ = ["Kind"]

PAGE = 40

_ENTRIES = text(
    """
    SELECT j.kind, j.booked_at, e.currency,
        coalesce(sum(e.amount) FILTER (WHERE a.kind <> 'written_off'), 0) AS debt,
        coalesce(sum(e.amount) FILTER (WHERE a.kind = 'written_off'), 0) AS lost
    FROM banking.ledger_accounts a
    JOIN banking.entries e ON e.account_id = a.id AND e.phase = 1
    JOIN banking.journals j ON j.id = e.journal_id
    WHERE a.kind IN ('customer_debt', 'vendor_debt', 'written_off') AND a.key = :key
        AND a.currency = :currency
    GROUP BY j.id, j.kind, j.booked_at, e.currency ORDER BY j.id DESC LIMIT 60
    """
)
_LINES = """
    SELECT l.*, coalesce(d.ref, '') AS about, coalesce(o.name, '') AS vendor
    FROM banking.losses l LEFT JOIN banking.card_disputes d ON d.id = l.dispute_id
    LEFT JOIN kernel.organisation o ON o.id = l.vendor_id
"""
# What vendors owe and what of it was written off; under_way counts the orders that may pay it.
_VENDOR_DEBTS = """
    SELECT CAST(a.key AS uuid) AS vendor_id, a.currency, o.name,
        coalesce(-sum(a.posted) FILTER (WHERE a.kind = 'vendor_debt'), 0) AS owed,
        coalesce(-sum(a.posted) FILTER (WHERE a.kind = 'written_off'), 0) AS lost,
        (SELECT count(*) FROM banking.escrows e WHERE e.beneficiary_id = o.id
            AND e.state IN ('funded', 'partly_released')) AS under_way
    FROM banking.ledger_accounts a JOIN kernel.organisation o ON CAST(o.id AS text) = a.key
    WHERE a.kind IN ('vendor_debt', 'written_off')
"""
_OWING = text(
    _VENDOR_DEBTS + " AND a.posted < 0 GROUP BY a.key, a.currency, o.id, o.name"
    " HAVING sum(a.posted) FILTER (WHERE a.kind = 'vendor_debt') < 0"
    " ORDER BY o.name, a.currency LIMIT :most"
)
_OF_VENDOR = text(
    _VENDOR_DEBTS + " AND a.key = CAST(:vendor AS text) AND a.currency = :currency"
    " GROUP BY a.key, a.currency, o.id, o.name"
)
_WAITING = text(_LINES + " WHERE l.state = 'proposed' ORDER BY l.proposed_at, l.id LIMIT :most")
_CLOSED = text(
    _LINES + " WHERE l.closed_at < coalesce(CAST(:before AS timestamptz), 'infinity')"
    " ORDER BY l.closed_at DESC LIMIT :most"
)
_PROPOSALS = text(
    """
    SELECT l.*, coalesce(m.name, '') AS maker, coalesce(c.name, '') AS checker
    FROM banking.losses l LEFT JOIN kernel.person m ON m.id = l.maker_id
    LEFT JOIN kernel.person c ON c.id = l.checker_id
    WHERE l.dispute_id = :dispute OR l.vendor_id = :vendor AND l.currency = :currency
    ORDER BY l.proposed_at DESC, l.id LIMIT :most
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LossView:
    """A proposal as the desk shows it."""

    ref: str
    dispute_id: UUID | None
    vendor_id: UUID | None
    kind: Kind
    amount: Money
    note: str
    state: State
    maker_id: UUID
    checker_id: UUID | None
    proposed_at: datetime
    closed_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Whether a second person has to look."""
        return self.state is State.PROPOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class LossLine:
    """A proposal in a list, with what it is about. Shape: a dispute's reference, or a vendor."""

    loss: LossView
    dispute_ref: str
    vendor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLoss:
    """A proposal with who made and who ended it."""

    loss: LossView
    maker: str
    checker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtEntry:
    """What a journal did to a debt. Units: positive makes the debt, or the loss, larger."""

    kind: str
    at: datetime
    debt: Money
    lost: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorDebt:
    """What a vendor owes in a currency after late refunds.

    Shape: written_off is no debt in the books any more, and claimed still; under_way counts the
    vendor's orders that are not paid out.
    """

    vendor_id: UUID
    name: str
    owed: Money
    written_off: Money
    under_way: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorDebtPage:
    """One vendor's debt. Shape: losses newest first; entries of the debt, newest first."""

    debt: VendorDebt
    losses: Sequence[NamedLoss]
    entries: Sequence[DebtEntry]

    @property
    def waiting(self) -> NamedLoss | None:
        """The proposal that a second person has to look at."""
        return next((one for one in self.losses if one.loss.is_waiting), None)

    @property
    def is_offered(self) -> bool:
        """Whether a write-off may be proposed now."""
        return self.waiting is None and bool(self.debt.owed) and not self.debt.under_way


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What waits for a second person, what is owed, and what was decided."""

    waiting: Sequence[LossLine]
    debts: Sequence[DisputeView]
    vendors: Sequence[VendorDebt]
    closed: Sequence[LossLine]
    before: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LossPage:
    """One dispute with its debt. Shape: losses newest first; entries of the debt, newest first."""

    about: DisputePage
    losses: Sequence[NamedLoss]
    entries: Sequence[DebtEntry]

    @property
    def waiting(self) -> NamedLoss | None:
        """The proposal that a second person has to look at."""
        return next((one for one in self.losses if one.loss.is_waiting), None)

    @property
    def offered(self) -> Kind | None:
        """What may be proposed now, if anything."""
        if self.waiting is not None:
            return None
        if disputes.can_be_written_off(self.about.dispute):
            return Kind.WRITE_OFF
        return Kind.GIVE_UP if self.about.dispute.takes_evidence else None


def open_loss(*, dispute_id: UUID) -> LossView | None:
    """Return the proposal that waits for a dispute."""
    query = select(Loss).where(Loss.dispute_id == dispute_id, Loss.state == State.PROPOSED)
    loss = session().execute(query).scalar_one_or_none()
    return view(loss) if loss else None


def desk(*, before: datetime | None) -> Desk:
    """Return what waits, unpaid debts, and a page of what was decided, newest first."""
    where = {"before": before, "most": PAGE + 1}
    lines = [_line(row) for row in session().execute(_CLOSED, where)]
    return Desk(
        waiting=[_line(row) for row in session().execute(_WAITING, {"most": PAGE})],
        debts=disputes.debts(most=PAGE),
        vendors=[_vendor(row) for row in session().execute(_OWING, {"most": PAGE})],
        closed=lines[:PAGE],
        before=lines[PAGE - 1].loss.closed_at if len(lines) > PAGE else None,
    )


def loss_page(ref: str) -> LossPage:
    """Return a dispute with its debt and what was proposed for it. Raises: DisputeUnknown."""
    about = disputes.any_dispute(ref)
    dispute = about.dispute
    return LossPage(
        about=about,
        losses=_proposals(dispute.id, None, dispute.amount.currency),
        entries=_entries(ref, dispute.amount.currency),
    )


def vendor_debt_page(vendor_id: UUID, currency: str) -> VendorDebtPage:
    """Return what a vendor owes and what was proposed for it. Raises: NotFound."""
    return VendorDebtPage(
        debt=vendor_debt(vendor_id, currency),
        losses=_proposals(None, vendor_id, currency),
        entries=_entries(str(vendor_id), currency),
    )


def named_on(page: LossPage | VendorDebtPage, ref: str) -> str:
    """Return the proposal that a form of a page names. Raises: LossUnknown for one of another."""
    if all(one.loss.ref != ref for one in page.losses):
        raise LossUnknown
    return ref


def vendor_debt(vendor_id: UUID, currency: str) -> VendorDebt:
    """Return what a vendor owes in a currency. Raises: NotFound when there never was a debt."""
    where = {"vendor": vendor_id, "currency": currency}
    row = session().execute(_OF_VENDOR, where).one_or_none()
    if row is None:
        raise NotFound
    return _vendor(row)


def open_vendor_loss(vendor_id: UUID, currency: str) -> LossView | None:
    """Return the proposal that waits for a vendor's debt."""
    query = select(Loss).where(
        Loss.vendor_id == vendor_id, Loss.currency == currency, Loss.state == State.PROPOSED
    )
    loss = session().execute(query).scalar_one_or_none()
    return view(loss) if loss else None


def _proposals(dispute: UUID | None, vendor: UUID | None, currency: str) -> list[NamedLoss]:
    where = {"dispute": dispute, "vendor": vendor, "currency": currency, "most": PAGE}
    return [
        NamedLoss(loss=view(row), maker=row.maker, checker=row.checker)
        for row in session().execute(_PROPOSALS, where)
    ]


def _entries(key: str, currency: str) -> list[DebtEntry]:
    return [
        DebtEntry(
            kind=row.kind,
            at=row.booked_at,
            debt=Money(-int(row.debt), row.currency),
            lost=Money(-int(row.lost), row.currency),
        )
        for row in session().execute(_ENTRIES, {"key": key, "currency": currency})
    ]


def _vendor(row: Row[Any]) -> VendorDebt:
    return VendorDebt(
        vendor_id=row.vendor_id,
        name=row.name,
        owed=Money(int(row.owed), row.currency),
        written_off=Money(int(row.lost), row.currency),
        under_way=int(row.under_way),
    )


def _line(row: Row[Any]) -> LossLine:
    return LossLine(loss=view(row), dispute_ref=row.about, vendor=row.vendor)


def view(found: Loss | Row[Any]) -> LossView:
    """Return a stored proposal as a view."""
    return LossView(
        ref=found.ref,
        dispute_id=found.dispute_id,
        vendor_id=found.vendor_id,
        kind=Kind(found.kind),
        amount=Money(found.amount_minor, found.currency),
        note=found.note,
        state=State(found.state),
        maker_id=found.maker_id,
        checker_id=found.checker_id,
        proposed_at=found.proposed_at,
        closed_at=found.closed_at,
    )
