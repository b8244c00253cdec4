"""What the pages of open covers show to their holders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from banking import api as bank
from insurance.trade.cargo import queries as cargo_queries
from insurance.trade.cargo import rules as cargo_rules
from insurance.trade.cargo import words as cargo_words
from insurance.trade.documents_check.queries import Incoterm
from insurance.trade.open_cover import (
    files,
    months,
    queries,
    rules,
    sent_files,
    told,
    withdrawing,
    words,
)
from insurance.trade.open_cover.errors import OpenCoverUnknown
from insurance.trade.open_cover.months import Bordereau
from insurance.trade.open_cover.queries import (
    Application,
    DeclarationView,
    OpenCoverView,
)
from insurance.trade.open_cover.rules import State, Use
from insurance.trade.open_cover.sent_files import FileView
from insurance.trade.open_cover.stored import message_from
from insurance.trade.open_cover.told import TermsPart
from insurance.trade.open_cover.withdrawing import WithdrawalView
from kernel import clock
from kernel.actor import Actor
from kernel.csv_files import csv_file
from kernel.money import Money
from kernel.people.identity import queries as people
from kernel.text import Message

K = TypeVar("K", bound=str)
Options = Sequence[tuple[str, Message]]
# How many shipments the page of a cover shows.
LATEST = 20
_HEADS = (
    "open_cover",
    "certificate",
    "reference",
    "declared_at",
    "door",
    "cargo",
    "departs_on",
    "is_late",
    "currency",
    "cif",
    "sum_insured",
    "net_premium",
    "tax",
    "from_deposit",
    "owed",
    "line",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyPage:
    """What a business is asked.

    Shape: options are (value, words) pairs; asked is what a year that is renewed begins with.
    """

    countries: Sequence[str]
    currencies: Sequence[tuple[str, str]]
    clauses: Sequence[Mapping[str, object]]
    wars: Sequence[Mapping[str, object]]
    asked: Application | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverPage:
    """An open cover with everything around it.

    Shape: missing is what the wallet lacks for what is due now, None where nothing is; shops are
    the companies its holder works for, as a choice takes them.
    """

    cover: OpenCoverView
    terms: TermsPart | None
    conveyances: Sequence[Use]
    places: Sequence[Use]
    latest: Sequence[DeclarationView]
    months: Sequence[date]
    files: Sequence[FileView]
    history: Sequence[tuple[datetime, Message]]
    shops: Sequence[tuple[str, str]]
    countries: Sequence[str]
    due: Money | None
    missing: Money | None

    @property
    def may_declare(self) -> bool:
        """Whether a shipment can be declared now."""
        return self.cover.state is State.ACTIVE and not self.cover.overdue

    @property
    def may_renew(self) -> bool:
        """Whether terms for the next year can be asked for."""
        ends_on = self.cover.ends_on
        return ends_on is not None and rules.is_renewable(ends_on, clock.today())

    @property
    def has_war(self) -> bool:
        """Whether notice can be given for war cover alone."""
        return self.cover.agreed.war == "war_strikes" and self.cover.war_until is None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarePage:
    """What a shipment is asked with. Shape: rows are options of a choice."""

    cover: OpenCoverView
    countries: Sequence[str]
    incoterms: Sequence[tuple[str, str]]
    bases: Sequence[Mapping[str, object]]
    modes: Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A line of a file that was not declared. Shape: why is (column, sentence), or one for all."""

    line: int
    reference: str
    why: Sequence[tuple[Message | None, Message]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePage:
    """A file with what became of it."""

    cover: OpenCoverView
    file: FileView
    refused: Sequence[Refused]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredPage:
    """A declared shipment, and what comes back if it is withdrawn; by is who withdrew it."""

    seen: WithdrawalView
    by: str


def apply_page(asked: Application | None = None) -> ApplyPage:
    """Return what an application can be, filled with what is asked for again."""
    return ApplyPage(
        countries=cargo_rules.terms_on(clock.today()).countries,
        currencies=[(code, code) for code in cargo_queries.currencies()],
        clauses=_rows(cargo_words.CLAUSES),
        wars=_rows(cargo_words.WARS),
        asked=asked,
    )


def renewed(actor: Actor, ref: str) -> Application:
    """Return what a holder asks for the year after a cover's. Raises: OpenCoverUnknown."""
    cover = queries.cover_for(actor, ref)
    if cover.ends_on is None:
        raise OpenCoverUnknown
    return rules.next_year(cover.asked, cover.ends_on, clock.today())


def cover_page(actor: Actor, ref: str) -> CoverPage:
    """Return an open cover to its holder. Raises: OpenCoverUnknown."""
    cover = queries.cover_for(actor, ref)
    conveyances, places = queries.uses_of(cover) if cover.accepted_at else ([], [])
    due = _due(cover)
    return CoverPage(
        cover=cover,
        terms=told.terms_part(cover.terms) if cover.terms else None,
        conveyances=conveyances,
        places=places,
        latest=queries.latest_declared(cover, limit=LATEST),
        months=months.months_of(cover),
        files=sent_files.files_of(cover),
        history=told.history(cover),
        shops=shops_of(actor),
        countries=countries(),
        due=due,
        missing=_missing(cover, due),
    )


def declare_page(actor: Actor, ref: str) -> DeclarePage:
    """Return what a shipment can be. Raises: OpenCoverUnknown."""
    cover = queries.cover_for(actor, ref)
    return DeclarePage(
        cover=cover,
        countries=countries(),
        incoterms=[(one.value, one.value) for one in Incoterm],
        bases=_rows(cargo_words.BASES),
        modes=_rows(cargo_words.MODES),
    )


def declared_page(actor: Actor, ref: str, number: str) -> DeclaredPage:
    """Return a declared shipment to its holder.

    Raises: OpenCoverUnknown, DeclaredShipmentUnknown.
    """
    seen = withdrawing.seen_for(actor, ref, number)
    by = seen.declared.withdrawn_by
    known = people.person(by) if by is not None else None
    return DeclaredPage(seen=seen, by=known.name if known else "")


def shops_of(actor: Actor) -> list[tuple[str, str]]:
    """Return the companies that somebody works for, by id as text and by name."""
    if not actor.organisation_ids:
        return []
    named = people.organisation_names(actor.organisation_ids)
    return sorted(((str(key), name) for key, name in named.items()), key=lambda one: one[1])


def countries() -> Sequence[str]:
    """Return the countries that a shipment leaves and goes to."""
    return cargo_rules.terms_on(clock.today()).countries


def most_lines() -> int:
    """Return how many shipments a file may hold."""
    return rules.terms_on(clock.today()).most_lines


def file_page(actor: Actor, ref: str, file_ref: str) -> FilePage:
    """Return a file with what became of each line. Raises: OpenCoverUnknown."""
    cover = queries.cover_for(actor, ref)
    file = sent_files.file_for(cover, file_ref)
    refused = [
        Refused(
            line=line["line"],
            reference=line["cells"].get("reference", ""),
            why=[
                (Message(words.COLUMNS[name]) if name else None, message_from(said))
                for name, said in line["complaints"].items()
            ],
        )
        for line in file.refused
    ]
    return FilePage(cover=cover, file=file, refused=refused)


def refused_table(actor: Actor, ref: str, file_ref: str) -> bytes:
    """Return a file's lines that were not declared. Raises: OpenCoverUnknown."""
    return files.refused_table(sent_files.file_for(queries.cover_for(actor, ref), file_ref))


def bordereau_table(bordereau: Bordereau, ref: str) -> bytes:
    """Return a month as a table, money in major units, below zero where it came back."""
    declared = [[ref, *_cells(line, bordereau, 1)] for line in bordereau.lines]
    withdrawn = [[ref, *_cells(line, bordereau, -1)] for line in bordereau.returns]
    charged = [
        [
            ref,
            ref,
            "adjustment",
            one.at.isoformat(),
            *[""] * 4,
            bordereau.currency,
            *[""] * 4,
            (-one.deposit).amount,
            one.owed.amount,
            "adjusted",
        ]
        for one in bordereau.charges
    ]
    return csv_file(_HEADS, [*declared, *withdrawn, *charged])


def _cells(line: DeclarationView, bordereau: Bordereau, sign: int) -> list[object]:
    """Return what a table says of a declaration, or of its return with sign below zero."""
    is_back = sign < 0
    deposit = line.to_deposit if is_back else line.from_deposit
    owed = line.off_owed if is_back and line.off_owed is not None else line.owed
    amounts = (line.cif, line.sum_insured, line.net, line.tax, deposit, owed)
    at = line.withdrawn_at if is_back and line.withdrawn_at is not None else line.at
    return [
        line.number,
        line.reference,
        at.isoformat(),
        line.source.value,
        line.goods,
        line.departs_on.isoformat(),
        "yes" if line.is_late else "no",
        bordereau.currency,
        *[one.times(sign).amount for one in amounts],
        "withdrawn" if is_back else "declared",
    ]


def _due(cover: OpenCoverView) -> Money | None:
    """Return what is paid now: the deposit of terms that wait, or what is owed."""
    if cover.state is State.DRAFT:
        return cover.terms.deposit if cover.terms else None
    return cover.owed or None


def _missing(cover: OpenCoverView, due: Money | None) -> Money | None:
    if due is None:
        return None
    wallet = bank.wallet_for(owner_id=cover.owner_id, currency=due.currency)
    lacking = due - wallet.available if wallet is not None else due
    return lacking if lacking.minor > 0 else None


def _rows(told: Mapping[K, str]) -> list[Mapping[str, object]]:
    return [{"value": str(value), "label": Message(said)} for value, said in told.items()]
