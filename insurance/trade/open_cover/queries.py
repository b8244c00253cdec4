"""Open covers as their holders and underwriters see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from insurance.money.books import service as books
from insurance.money.books.service import Insurer
from insurance.rating.tariff.queries import Product, War
from insurance.trade.clauses.queries import ClauseSet
from insurance.trade.open_cover import rules
from insurance.trade.open_cover.errors import DeclaredShipmentUnknown, OpenCoverUnknown
from insurance.trade.open_cover.models import (
    Declaration,
    OpenCover,
    OpenCoverEntry,
    OpenCoverMove,
)
from insurance.trade.open_cover.rules import (
    Agreed,
    Application,
    Return,
    Source,
    State,
    Use,
    Year,
)
from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import session
from kernel.money import Money

__all__ = ["Agreed", "Application", "Source", "State", "Use", "Year"]

_OFFICERS = frozenset({Role.UNDERWRITER, Role.OPERATOR})
# What was withdrawn counts neither towards a limit nor towards the year.
_STANDS = Declaration.withdrawn_at.is_(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCoverView:
    """An open cover.

    Shape: terms are None until an underwriter signed, days until they were accepted.
    """

    id: UUID
    ref: str
    owner_id: UUID
    state: State
    asked: Application
    terms: Agreed | None
    sha256: str | None
    signed_by: UUID | None
    signed_at: datetime | None
    approval_id: UUID | None
    accepted_at: datetime | None
    insurer: str
    starts_on: date | None
    ends_on: date | None
    war_until: date | None
    deposit: Money
    owed: Money
    overdue: Money
    turnover: Money | None
    adjusted_at: datetime | None
    orders_from: Money | None
    sales_of: UUID | None
    sales_from: Money | None
    sales_to: Sequence[str]
    created_at: datetime

    @property
    def agreed(self) -> Agreed:
        """Its terms."""
        assert self.terms is not None, "terms were signed"
        return self.terms

    @property
    def is_running(self) -> bool:
        """Whether it was accepted and has not ended."""
        return self.state in (State.ACTIVE, State.SUSPENDED)

    @property
    def is_waiting_for_underwriter(self) -> bool:
        """Whether nobody has signed or declined it."""
        return self.state is State.DRAFT and self.terms is None

    @property
    def is_adjustable(self) -> bool:
        """Whether its year is over and not adjusted yet."""
        is_over = self.state is State.ENDED and self.accepted_at is not None
        return is_over and self.adjusted_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationView:
    """A declared shipment with its certificate's number.

    Shape: gross is from_deposit and what became owed together; off_owed is what of it was set
    against debts when it was withdrawn, the rest went into the deposit.
    """

    reference: str
    source: Source
    number: str
    policy_id: UUID
    goods: str
    departs_on: date
    cif: Money
    sum_insured: Money
    net: Money
    tax: Money
    from_deposit: Money
    is_late: bool
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: UUID | None
    off_owed: Money | None

    @property
    def gross(self) -> Money:
        """Premium and tax."""
        return self.net + self.tax

    @property
    def owed(self) -> Money:
        """What the deposit did not suffice for."""
        return self.gross - self.from_deposit

    @property
    def to_deposit(self) -> Money:
        """What went into the deposit when it was withdrawn."""
        return self.gross - self.off_owed if self.off_owed is not None else self.gross.times(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """A line of history. Shape: data as it was written, amounts in minor units."""

    id: int
    what: str
    data: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveView:
    """A movement of deposit and debt."""

    what: str
    subject: str
    deposit: Money
    owed: Money
    due_on: date | None
    at: datetime


def covers_of(*, owner_id: UUID, limit: int = 50) -> list[OpenCoverView]:
    """Return somebody's open covers, newest first."""
    query = select(OpenCover).where(OpenCover.owner_id == owner_id)
    rows = session().scalars(query.order_by(OpenCover.created_at.desc()).limit(limit))
    return [view(row) for row in rows]


def cover_for(actor: Actor, ref: str) -> OpenCoverView:
    """Return an open cover to its holder. Raises: OpenCoverUnknown."""
    row = _row(ref)
    if row.owner_id != actor.person_id:
        raise OpenCoverUnknown
    return view(row)


def cover_for_officer(actor: Actor, ref: str) -> OpenCoverView:
    """Return an open cover to somebody of the desk. Raises: OpenCoverUnknown."""
    row = _row(ref)
    if not actor.roles & _OFFICERS:
        raise OpenCoverUnknown
    return view(row)


def at_desk(*, limit: int = 200) -> list[OpenCoverView]:
    """Return open covers for the desk: those that wait for an underwriter first, then by age."""
    waits = (OpenCover.state == State.DRAFT) & OpenCover.terms.is_(None)
    query = select(OpenCover).order_by(waits.desc(), OpenCover.created_at.desc()).limit(limit)
    return [view(row) for row in session().scalars(query)]


def standing() -> dict[str, tuple[Money, Money]]:
    """Return deposit and debt of every cover that was accepted, by reference."""
    rows = session().execute(
        select(OpenCover.ref, OpenCover.currency, OpenCover.deposit, OpenCover.owed).where(
            OpenCover.accepted_at.is_not(None)
        )
    )
    return {
        row.ref: (Money(row.deposit, row.currency), Money(row.owed, row.currency)) for row in rows
    }


def to_mind() -> list[str]:
    """Return the references of covers that a day may change something of."""
    query = select(OpenCover.ref).where(OpenCover.state.in_([State.ACTIVE, State.SUSPENDED]))
    return list(session().scalars(query.order_by(OpenCover.created_at)))


def taking_order(*, owner_id: UUID, value: Money) -> str | None:
    """Return the running cover that an order of its holder is declared under, None without one."""
    query = select(OpenCover.ref).where(
        OpenCover.owner_id == owner_id,
        OpenCover.state.in_([State.ACTIVE, State.SUSPENDED]),
        OpenCover.currency == value.currency,
        OpenCover.orders_from <= value.minor,
    )
    found = session().execute(query.order_by(OpenCover.accepted_at).limit(1))
    return found.scalar_one_or_none()


def latest_declared(cover: OpenCoverView, *, limit: int) -> list[DeclarationView]:
    """Return what was declared last, newest first, with what was withdrawn since."""
    query = select(Declaration).where(Declaration.open_cover_id == cover.id)
    rows = session().scalars(
        query.order_by(Declaration.at.desc(), Declaration.number.desc()).limit(limit)
    )
    return [declaration_view(row, cover.deposit.currency) for row in rows]


def declaration_of(row: OpenCover, reference: str) -> Declaration | None:
    """Return what was declared under a holder's own reference, None where nothing was."""
    query = select(Declaration).where(
        Declaration.open_cover_id == row.id, Declaration.reference == reference
    )
    return session().execute(query).scalar_one_or_none()


def declared_as(row: OpenCover | OpenCoverView, number: str) -> Declaration:
    """Return what was declared with a certificate. Raises: DeclaredShipmentUnknown."""
    query = select(Declaration).where(
        Declaration.open_cover_id == row.id, Declaration.number == number
    )
    found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise DeclaredShipmentUnknown
    return found


def return_of(row: OpenCover, line: Declaration) -> tuple[Return, date | None]:
    """Return where a declaration's premium would go now, and when what is owed of it is due."""
    debt = OpenCoverMove
    query = (
        select(debt.subject, func.sum(debt.owed), func.min(debt.id), func.max(debt.due_on))
        .where(debt.open_cover_id == row.id, debt.due_on.is_not(None))
        .group_by(debt.subject)
        .order_by(func.min(debt.id))
    )
    own, later, due = 0, 0, None
    for subject, owed, _, day in session().execute(query):
        if subject == line.number:
            own, due = int(owed), day
        elif due is not None:
            later += int(owed)
    found = rules.returned(
        Money(line.net + line.tax, row.currency),
        Money(row.owed, row.currency),
        own=Money(own, row.currency),
        later=Money(later, row.currency),
    )
    return found, due


def year_of(row_id: UUID, currency: str) -> Year:
    """Return what was declared under a cover in all, without what was withdrawn."""
    query = select(
        func.coalesce(func.sum(Declaration.cif), 0),
        func.coalesce(func.sum(Declaration.net), 0),
        func.coalesce(func.sum(Declaration.tax), 0),
    ).where(Declaration.open_cover_id == row_id, _STANDS)
    cif, net, tax = session().execute(query).one()
    return Year(
        cif=Money(int(cif), currency), net=Money(int(net), currency), tax=Money(int(tax), currency)
    )


def on_conveyance(row_id: UUID, voyage: str, agreed: Agreed) -> Use:
    """Return what of the limit for a conveyance is used."""
    query = select(func.coalesce(func.sum(Declaration.sum_insured), 0)).where(
        Declaration.open_cover_id == row_id, Declaration.voyage == voyage, _STANDS
    )
    used = Money(int(session().execute(query).scalar_one()), agreed.currency)
    return Use(what=voyage, used=used, limit=agreed.conveyance_limit)


def at_place(row_id: UUID, place: str, departs_on: date, agreed: Agreed) -> Use:
    """Return what of the limit for a place is used by departures around a day."""
    days = timedelta(days=agreed.location_days)
    query = select(func.coalesce(func.sum(Declaration.sum_insured), 0)).where(
        Declaration.open_cover_id == row_id,
        Declaration.places.contains([place]),
        Declaration.departs_on.between(departs_on - days, departs_on + days),
        _STANDS,
    )
    used = Money(int(session().execute(query).scalar_one()), agreed.currency)
    return Use(what=place, used=used, limit=agreed.location_limit)


def uses_of(cover: OpenCoverView) -> tuple[list[Use], list[Use]]:
    """Return what is used of the limits: conveyances that have not left, and places today."""
    today, agreed = clock.today(), cover.agreed
    query = (
        select(Declaration.voyage, func.sum(Declaration.sum_insured))
        .where(Declaration.open_cover_id == cover.id, Declaration.departs_on >= today, _STANDS)
        .group_by(Declaration.voyage)
    )
    conveyances = [
        Use(what=voyage, used=Money(int(used), agreed.currency), limit=agreed.conveyance_limit)
        for voyage, used in session().execute(query)
    ]
    place = func.unnest(Declaration.places).label("place")
    query = select(place).where(Declaration.open_cover_id == cover.id, _STANDS).distinct()
    places = [at_place(cover.id, name, today, agreed) for name in session().scalars(query)]
    return _fullest(conveyances), _fullest([one for one in places if one.used])


def _fullest(uses: list[Use]) -> list[Use]:
    return sorted(uses, key=lambda one: (-one.used.minor, one.what))


def history_of(cover: OpenCoverView) -> list[EntryView]:
    """Return what happened to a cover, newest first."""
    query = select(OpenCoverEntry).where(OpenCoverEntry.open_cover_id == cover.id)
    rows = session().scalars(query.order_by(OpenCoverEntry.id.desc()))
    return [EntryView(id=row.id, what=row.what, data=row.data, at=row.at) for row in rows]


def is_noted(row: OpenCover, what: str) -> bool:
    """Whether a line of history of a kind was written of a cover."""
    query = select(OpenCoverEntry.id).where(
        OpenCoverEntry.open_cover_id == row.id, OpenCoverEntry.what == what
    )
    return session().execute(query.limit(1)).first() is not None


def entry(entry_id: int) -> EntryView:
    """Return a line of history, for the letter about it."""
    row = session().get(OpenCoverEntry, entry_id)
    assert row is not None, "history is append-only"
    return EntryView(id=row.id, what=row.what, data=row.data, at=row.at)


def moves_of(cover: OpenCoverView) -> list[MoveView]:
    """Return every movement of deposit and debt, oldest first."""
    query = select(OpenCoverMove).where(OpenCoverMove.open_cover_id == cover.id)
    currency = cover.deposit.currency
    return [
        MoveView(
            what=row.what,
            subject=row.subject,
            deposit=Money(row.deposit, currency),
            owed=Money(row.owed, currency),
            due_on=row.due_on,
            at=row.at,
        )
        for row in session().scalars(query.order_by(OpenCoverMove.id))
    ]


def overdue_of(row: OpenCover, on: date) -> Money:
    """Return what of a cover's premium is overdue on a day."""
    owed = Money(row.owed, row.currency)
    if not owed:
        return owed
    query = select(OpenCoverMove.owed, OpenCoverMove.due_on).where(
        OpenCoverMove.open_cover_id == row.id, OpenCoverMove.due_on >= on
    )
    parts = [
        (Money(part, row.currency), due)
        for part, due in session().execute(query)
        if due is not None
    ]
    return rules.overdue(owed, parts, on)


def currency_of(ref: str) -> str:
    """Return the currency of a cover, for the letter about it. Raises: OpenCoverUnknown."""
    return _row(ref).currency


def state_of(ref: str) -> State:
    """Return where a cover stands, for what programs are told. Raises: OpenCoverUnknown."""
    return State(_row(ref).state)


def declaration_view(row: Declaration, currency: str) -> DeclarationView:
    """Return a row as a view."""
    return DeclarationView(
        reference=row.reference,
        source=Source(row.source),
        number=row.number,
        policy_id=row.policy_id,
        goods=row.goods,
        departs_on=row.departs_on,
        cif=Money(row.cif, currency),
        sum_insured=Money(row.sum_insured, currency),
        net=Money(row.net, currency),
        tax=Money(row.tax, currency),
        from_deposit=Money(row.from_deposit, currency),
        is_late=row.is_late,
        at=row.at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
        off_owed=Money(row.off_owed, currency) if row.off_owed is not None else None,
    )


def insurer_of(row: OpenCover) -> Insurer:
    """Return who insures under a cover: chosen by rule until it is accepted, the same from then."""
    if row.insurer_key is not None:
        return books.insurer(row.insurer_key)
    return books.insurer_for(
        country=row.asked["country"],
        product=Product.CARGO,
        level=row.asked["clauses"],
        day=clock.today(),
    )


def view(row: OpenCover) -> OpenCoverView:
    """Return a row as a view."""
    currency, asked = row.currency, row.asked
    return OpenCoverView(
        id=row.id,
        ref=row.ref,
        owner_id=row.owner_id,
        state=State(row.state),
        asked=Application(
            business=asked["business"],
            country=asked["country"],
            goods=asked["goods"],
            turnover=Money(asked["turnover"], currency),
            largest=Money(asked["largest"], currency),
            clauses=ClauseSet(asked["clauses"]),
            war=War(asked["war"]),
            starts_on=date.fromisoformat(asked["starts_on"]),
            remarks=asked["remarks"],
        ),
        terms=rules.agreed_from(row.terms) if row.terms is not None else None,
        sha256=row.sha256,
        signed_by=row.signed_by,
        signed_at=row.signed_at,
        approval_id=row.approval_id,
        accepted_at=row.accepted_at,
        insurer=insurer_of(row).name,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        war_until=row.war_until,
        deposit=Money(row.deposit, currency),
        owed=Money(row.owed, currency),
        overdue=overdue_of(row, clock.today()),
        turnover=Money(row.turnover, currency) if row.turnover is not None else None,
        adjusted_at=row.adjusted_at,
        orders_from=Money(row.orders_from, currency) if row.orders_from is not None else None,
        sales_of=row.sales_of,
        sales_from=Money(row.sales_from, currency) if row.sales_from is not None else None,
        sales_to=row.sales_to or (),
        created_at=row.created_at,
    )


def _row(ref: str) -> OpenCover:
    query = select(OpenCover).where(OpenCover.ref == ref)
    row = session().execute(query).scalar_one_or_none()
    if row is None:
        raise OpenCoverUnknown
    return row
