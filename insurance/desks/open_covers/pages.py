"""What the desk of open covers shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from insurance.trade.cargo import rules as cargo
from insurance.trade.cargo import words as cargo_words
from insurance.trade.open_cover import months, overview, queries, rules, told
from insurance.trade.open_cover.months import Bordereau
from insurance.trade.open_cover.overview import MonthSum, Need
from insurance.trade.open_cover.queries import MoveView, OpenCoverView, Use, Year
from insurance.trade.open_cover.told import TermsPart
from kernel import clock
from kernel.actor import Actor
from kernel.money import Money
from kernel.text import N_, Message
from kernel.web.amounts import typed_amount
from kernel.web.i18n import current_locale

K = TypeVar("K", bound=str)
NEEDS: dict[Need, tuple[str, str]] = {
    Need.TERMS: ("wait", N_("Waits for terms")),
    Need.OVERDUE: ("bad", N_("Premium overdue")),
    Need.LIMIT: ("warn", N_("Close to a limit")),
    Need.TURNOVER: ("warn", N_("More declared than expected")),
    Need.DEPOSIT: ("warn", N_("Deposit used up")),
    Need.YEAR: ("wait", N_("Year to settle")),
    Need.RENEWAL: ("info", N_("Year ends soon")),
}
# What an underwriter does about each.
ADVICE: dict[Need, str] = {
    Need.TERMS: N_("Sign terms or decline below."),
    Need.OVERDUE: N_(
        "Nothing new can be declared until it's paid. Ask the business, or end the cover."
    ),
    Need.LIMIT: N_(
        "Shipments above the limit are refused. Agree on higher limits in new terms, or wait."
    ),
    Need.TURNOVER: N_(
        "The terms were priced for less. Look at the limits and rate before they renew."
    ),
    Need.DEPOSIT: N_("Premium is owed from now on. Check that the business pays it in time."),
    Need.YEAR: N_("Settle the year below."),
    Need.RENEWAL: N_("The business was told to renew. Check this year before you sign new terms."),
}
_AMOUNTS = ("conveyance_limit", "location_limit", "turnover", "deposit", "least")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """An open cover at the desk.

    Shape: filled are the figures that the form of terms begins with, as they are typed; rows are
    options of a choice; is_own says that another underwriter has to decide.
    """

    cover: OpenCoverView
    part: TermsPart | None
    history: Sequence[tuple[datetime, Message]]
    conveyances: Sequence[Use]
    places: Sequence[Use]
    year: Year
    needs: Sequence[Need]
    months: Sequence[MonthSum]
    filled: Mapping[str, str]
    clauses: Sequence[Mapping[str, object]]
    wars: Sequence[Mapping[str, object]]
    deductibles: Sequence[Mapping[str, object]]
    additional: Sequence[tuple[str, Message]]
    uplifts: Sequence[tuple[str, str]]
    is_own: bool

    @property
    def has_war(self) -> bool:
        """Whether notice can be given for war cover alone."""
        return self.cover.agreed.war == "war_strikes" and self.cover.war_until is None


def desk_page(actor: Actor, ref: str) -> DeskPage:
    """Return an open cover to somebody of the desk. Raises: OpenCoverUnknown."""
    cover = queries.cover_for_officer(actor, ref)
    conveyances, places = queries.uses_of(cover) if cover.accepted_at else ([], [])
    year = queries.year_of(cover.id, cover.deposit.currency)
    return DeskPage(
        cover=cover,
        part=told.terms_part(cover.terms) if cover.terms else None,
        history=told.history(cover),
        conveyances=conveyances,
        places=places,
        year=year,
        needs=overview.needs(cover, year, [*conveyances, *places]),
        months=overview.month_sums(cover) if cover.accepted_at else [],
        filled=_filled(cover),
        clauses=_rows(cargo_words.CLAUSES),
        wars=_rows(cargo_words.WARS),
        deductibles=_rows(cargo_words.DEDUCTIBLES),
        additional=[(name, Message(said)) for name, said in cargo_words.ADDITIONAL.items()],
        uplifts=[(one, one) for one in cargo.terms_on(clock.today()).uplifts],
        is_own=cover.owner_id == actor.person_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPage:
    """A month of an open cover at the desk.

    Shape: peaks are the limits as they were used by what leaves in it, the fullest first; moves
    are those of deposit and debt; before and later are the months beside it, by name.
    """

    cover: OpenCoverView
    sums: MonthSum
    bordereau: Bordereau
    peaks: Sequence[Use]
    moves: Sequence[MoveView]
    before: str
    later: str


def month_page(actor: Actor, ref: str, name: str) -> MonthPage:
    """Return a month of an open cover to somebody of the desk. Raises: OpenCoverUnknown."""
    cover = queries.cover_for_officer(actor, ref)
    known = overview.month_sums(cover)
    sums = overview.month_called(known, name)
    names = [f"{one.month:%Y-%m}" for one in known]
    at = names.index(name)
    return MonthPage(
        cover=cover,
        sums=sums,
        bordereau=months.bordereau(cover, sums.month),
        peaks=overview.peaks(cover, sums.month),
        moves=[one for one in queries.moves_of(cover) if f"{one.at:%Y-%m}" == name],
        before=names[at + 1] if at + 1 < len(names) else "",
        later=names[at - 1] if at else "",
    )


def _filled(cover: OpenCoverView) -> dict[str, str]:
    """Return the figures of the last terms, else what the application suggests."""
    terms, asked = cover.terms, cover.asked
    if terms is not None:
        amounts = {name: getattr(terms, name) for name in _AMOUNTS}
        plain = {
            "clauses": terms.clauses.value,
            "war": terms.war.value,
            "deductible": terms.deductible,
            "uplift_pct": terms.uplift_pct,
            "flat_rate_pct": terms.flat_rate_pct,
            "discount_pct": terms.discount_pct,
            "starts_on": terms.starts_on.isoformat(),
        }
    else:
        house = rules.terms_on(clock.today())
        # A rule of thumb to begin with: half a per cent of the turnover, a part of it at once.
        year = asked.turnover.times(Decimal("0.005"))
        deposit = year.times(Decimal(house.deposit_pct) / 100)
        amounts = {
            "conveyance_limit": asked.largest,
            "location_limit": asked.largest.times(2),
            "turnover": asked.turnover,
            "deposit": deposit,
            "least": deposit,
        }
        plain = {
            "clauses": asked.clauses.value,
            "war": asked.war.value,
            "deductible": "0.5",
            "uplift_pct": "10",
            "flat_rate_pct": "",
            "discount_pct": "0",
            "starts_on": max(asked.starts_on, clock.today()).isoformat(),
        }
    return plain | {name: _typed(amount) for name, amount in amounts.items()}


def _typed(amount: Money) -> str:
    return typed_amount(amount, current_locale())


def _rows(said: Mapping[K, str]) -> list[Mapping[str, object]]:
    return [{"value": str(value), "label": Message(words)} for value, words in said.items()]
