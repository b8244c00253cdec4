"""What the insurer's pages show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from insurance.desks.insurer.forms import Look
from insurance.money.books.queries import insurer_name
from insurance.money.books.service import Insurer, insurer
from insurance.reporting.bordereaux import queries
from insurance.reporting.bordereaux.errors import MonthUnknown
from insurance.reporting.bordereaux.queries import KINDS, SUMS, Month
from insurance.reporting.float_calls import queries as float_calls
from insurance.reporting.float_calls.queries import Answer, FloatCall, Says
from insurance.reporting.insurer_people import queries as insurer_people
from insurance.reporting.ratios import queries as ratios
from insurance.reporting.ratios.queries import By, Ratio
from insurance.reporting.records import queries as records
from insurance.reporting.records.queries import CededBordereau, Record
from insurance.reporting.settlement import queries as settlement
from insurance.reporting.settlement.queries import Float, Settled
from kernel.actor import Actor
from kernel.csv_files import csv_file
from kernel.db import reading
from kernel.money import CURRENCIES, Money
from kernel.people.identity import queries as people
from kernel.text import N_, Message

TITLE = {"premium": N_("Premium"), "tax": N_("Insurance tax"), "claims": N_("Claims")}
SETTLED_BY = {
    "insurer": N_("The insurer pays the state"),
    "agent": N_("We pay the state"),
    "policyholder": N_("The policyholder pays the state"),
}
ANSWERS = {
    Answer.OPEN: ("wait", N_("Waits for the insurer")),
    Answer.LATE: ("bad", N_("Overdue")),
    Answer.PAID: ("ok", N_("Paid in time")),
    Answer.PAID_LATE: ("info", N_("Paid late")),
}
SAYS = {Says.PAYS: N_("We pay"), Says.OBJECTS: N_("We object")}
TRANSACTION = {
    "new": N_("New policy"),
    "additional premium": N_("Additional premium"),
    "return premium": N_("Premium returned"),
    "cancellation": N_("Cancelled"),
}
_FIGURES = {
    "premium": ("net", "tax", "commission", "net_due"),
    "tax": ("net", "tax"),
    "claims": (
        "paid_this_month_indemnity",
        "previously_paid_indemnity",
        "reserve_indemnity",
        "incurred_indemnity",
    ),
}
HEAD = {
    "net": N_("Net premium"),
    "tax": N_("Insurance tax"),
    "commission": N_("Commission"),
    "net_due": N_("Due to the insurer"),
    "paid_this_month_indemnity": N_("Paid this month"),
    "previously_paid_indemnity": N_("Paid in earlier months"),
    "reserve_indemnity": N_("Reserve"),
    "incurred_indemnity": N_("Total incurred"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a bordereau on its page. Shape: what is a marked sentence or a country."""

    number: int
    subject: str
    what: str
    country: str
    settled_by: str
    figures: Sequence[tuple[str, Money]]
    journals: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One bordereau on the page of a month. Shape: heads and sums follow the columns of rows."""

    kind: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Row]
    sums: Sequence[tuple[str, Money]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """A line that differs from its journals."""

    title: str
    number: int
    subject: str
    said: Money
    booked: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPage:
    """A month with its sheets, and what was paid for it once it is settled."""

    month: Month
    insurer: str
    name: str
    sheets: Sequence[Sheet]
    differing: Sequence[Differing]
    settled: Settled | None

    def settled_by(self, country: str) -> str:
        """Return who settles a country's tax, empty where that was not said."""
        payer = self.settled.payers.get(country) if self.settled else None
        return SETTLED_BY[payer] if payer else ""


def month_page(month: Month, actor: Actor) -> MonthPage:
    """Return a month as its page shows it."""
    currency = month.currency
    return MonthPage(
        settled=settlement.settled(month=month, actor=actor),
        month=month,
        insurer=insurer_name(month.insurer_key),
        name=f"{month.month:%Y-%m}",
        sheets=[_sheet(month, kind) for kind in KINDS],
        differing=[
            Differing(
                title=TITLE[one.kind],
                number=one.number,
                subject=one.subject,
                said=Money(one.said, currency),
                booked=Money(one.booked, currency),
            )
            for one in month.differences
        ],
    )


def _sheet(month: Month, kind: str) -> Sheet:
    columns, currency = _FIGURES[kind], month.currency
    return Sheet(
        kind=kind,
        title=TITLE[kind],
        heads=[HEAD[column] for column in columns],
        rows=[
            Row(
                number=number,
                subject=line.subject,
                what=TRANSACTION.get(line.cells.get("transaction", ""), ""),
                country=line.cells.get("territory", ""),
                settled_by=SETTLED_BY.get(line.cells.get("settled_by", ""), ""),
                figures=[(HEAD[one], Money(line.cells[one], currency)) for one in columns],
                journals=line.journals,
            )
            for number, line in enumerate(month.of_kind(kind), 1)
        ],
        sums=[(HEAD[one], Money(month.totals[kind][one], currency)) for one in columns],
    )


def table_of(month: Month, kind: str) -> bytes:
    """Return a bordereau as a table, money in major units. Raises: MonthUnknown."""
    if kind not in KINDS:
        raise MonthUnknown
    lines = month.of_kind(kind)
    columns = list(lines[0].cells) if lines else list(SUMS[kind])
    is_money = {*SUMS[kind], "sum_insured"}
    rows: Iterable[list[object]] = (
        [
            number,
            *(
                Money(line.cells[column], month.currency).amount
                if column in is_money
                else line.cells[column]
                for column in columns
            ),
            " ".join(map(str, line.journals)),
        ]
        for number, line in enumerate(lines, 1)
    )
    return csv_file(["line", *columns, "journals"], rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A month in the list of an insurer's."""

    name: str
    currency: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An insurer's months and claims money.

    Shape: others are the insurers beside it; asked are letters that wait for money, by currency.
    """

    insurer: Insurer
    others: Sequence[Insurer]
    months: Sequence[Listed]
    floats: Sequence[Float]
    asked: Mapping[str, FloatCall]


def index(insurer: Insurer, actor: Actor) -> Index:
    """Return every month of an insurer that has lines, the newest first, with its claims money."""
    return Index(
        insurer=insurer,
        others=[one for one in insurer_people.visible(actor) if one.key != insurer.key],
        months=[
            Listed(name=f"{one.month:%Y-%m}", currency=one.currency, closed_at=one.closed_at)
            for one in queries.months(actor=actor)
            if one.insurer_key == insurer.key
        ],
        floats=[one for one in settlement.floats(actor=actor) if one.insurer_key == insurer.key],
        asked={
            one.amount.currency: one
            for one in float_calls.calls(insurer_key=insurer.key, actor=actor)
            if one.is_open
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsPage:
    """Letters to an insurer. Shape: currencies are those in which more can be asked for."""

    insurer: Insurer
    calls: Sequence[FloatCall]
    currencies: Sequence[tuple[str, str]]


def calls_page(insurer: Insurer, actor: Actor) -> CallsPage:
    """Return the letters to an insurer, the newest first."""
    found = float_calls.calls(insurer_key=insurer.key, actor=actor)
    asked = {one.amount.currency for one in found if one.is_open}
    # Euro first, as most claims are paid in it.
    free = sorted(set(CURRENCIES) - asked, key=lambda code: (code != "EUR", code))
    return CallsPage(insurer=insurer, calls=found, currencies=[(code, code) for code in free])


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPage:
    """A letter that asked for claims money.

    Shape: officer is the name of who sent it; may_answer for a treasurer while it is open.
    """

    call: FloatCall
    insurer: str
    officer: str
    may_answer: bool


def letter_page(ref: str, actor: Actor) -> LetterPage:
    """Return a letter with its answer. Raises: FloatCallUnknown."""
    call = float_calls.call_of(ref, actor=actor)
    sender = people.person(call.person_id) if call.person_id else None
    return LetterPage(
        call=call,
        insurer=insurer_name(call.insurer_key),
        officer=sender.name if sender else "",
        may_answer=call.is_open and insurer_people.is_treasurer(actor, call.insurer_key),
    )


def letter_kept(insurer_key: str) -> str:
    """Return what tells the officer how a letter just written reaches its insurer."""
    with reading():
        is_told = bool(insurer_people.treasurers(insurer_key=insurer_key))
    if is_told:
        return N_("The letter is kept. The insurer's treasurers are told by email.")
    return N_("The letter is kept. No treasurer has access yet, so print this page and send it.")


def ceded(insurer: Insurer, actor: Actor) -> Sequence[CededBordereau]:
    """Return what an insurer ceded to reinsurers, treaty by treaty."""
    return records.ceded(insurer_key=insurer.key, actor=actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """What was booked under a number. Shape: is_policy where it is the number of a policy."""

    record: Record
    insurer: Insurer
    is_policy: bool


def record_page(subject: str, actor: Actor) -> RecordPage:
    """Return what was booked for a policy or a claim. Raises: NothingBooked."""
    record = records.record_of(subject, actor=actor)
    return RecordPage(
        record=record,
        insurer=insurer(record.insurer_key),
        is_policy=record.policy is not None and record.policy.number == subject,
    )


BY = {
    By.PRODUCT: N_("Level of cover"),
    By.LANE: N_("Route"),
    By.CARRIER: N_("Carrier"),
    By.SHOP: N_("Shop"),
    By.MONTH: N_("Month"),
    By.POLICY: N_("Policy"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Loss ratios as their page shows them.

    Shape: choices are what figures can be added up by; shops are names by key, of all whose parcels
    the insurer covers.
    """

    look: Look
    heading: str
    rows: Sequence[Ratio]
    whole: Ratio
    choices: Sequence[tuple[str, Message]]
    currencies: Sequence[tuple[str, str]]
    shops: Mapping[str, str]

    @property
    def shop(self) -> str:
        """The key of the one shop that is looked at, empty for all."""
        within = self.look.within
        return within[1] if within and within[0] is By.SHOP else ""

    def name_of(self, key: str) -> str:
        """Return what a group is called."""
        return self.shops.get(key, key) if self.look.by is By.SHOP else key


def board(look: Look, actor: Actor) -> Board:
    """Return the loss ratios of an insurer that an address asks for."""
    known = {
        one.currency for one in queries.months(actor=actor) if one.insurer_key == look.insurer.key
    }
    rows = ratios.board(
        insurer_key=look.insurer.key,
        by=look.by,
        currency=look.currency,
        first=look.first,
        after=look.after,
        within=look.within,
        actor=actor,
    )
    return Board(
        look=look,
        heading=BY[look.by],
        rows=rows,
        whole=ratios.whole(rows, look.currency),
        choices=[(by.value, Message(BY[by])) for by in By if by is not By.POLICY],
        currencies=[(code, code) for code in sorted(known | {look.currency})],
        shops=ratios.shops(insurer_key=look.insurer.key, actor=actor),
    )
