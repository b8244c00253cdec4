"""Movements of all wallets of an owner, page by page; every page costs the same.

A page without a narrow search reads as many entries as it shows. A narrow one reads a bounded
stretch of the past, tells how far it came and goes on from there, so that a wallet of a million
entries answers as one of a thousand does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from banking.accounts.parties.queries import Owner, owner_for
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import WalletView
from banking.online.activity import rules
from banking.online.activity.rules import THEMES, Direction, Search
from banking.online.home.queries import (
    MovementDay,
    MovementLine,
    by_day,
    describe,
    kinds_in_words,
    named,
)
from kernel.actor import Actor
from kernel.csv_files import MARK, csv_lines
from kernel.db import reading, session
from kernel.statements import read_sql
from kernel.text import N_, Message
from kernel.web.amounts import AmountUnclear, parse_amount
from kernel.web.i18n import translate
from kernel.web.preferences import preferences
from kernel.web.sorting import Column, Sorting, sorting_of

PAGE = 40
DEPTH = 2_000  # entries that one page of a narrow search reads at most
BATCH = 1_000  # rows of a file that are read at once

# By whether the newest stand first.
_STRETCH = {
    True: text(read_sql(__file__, "stretch_falling")),
    False: text(read_sql(__file__, "stretch_rising")),
}
_OF_REFERENCE = text(read_sql(__file__, "reference"))
_BOOKED_ON = text(
    "SELECT j.booked_at FROM banking.entries e JOIN banking.journals j ON j.id = e.journal_id"
    " WHERE e.id = :entry"
)
_NEWEST = 2**63 - 1


# A balance stands beside every movement, so they stand by their time alone.
_ORDERS = {"booked": Column(N_("Oldest first"), N_("Newest first"), falls=True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementsPage:
    """A page of movements.

    Shape: behind is the entry behind which the next page begins, None at the end; searched_to is
    the day to which a narrow search has come, None when the page is full or everything was read.
    """

    owner: Owner
    wallets: Sequence[WalletView]
    search: Search
    sorting: Sorting
    days: Sequence[MovementDay]
    behind: int | None
    searched_to: date | None
    themes: Sequence[tuple[str, str]]


def movements(
    actor: Actor,
    *,
    account: UUID | None,
    search: Search,
    sort: str = "",
    behind: int | None = None,
) -> MovementsPage:
    """Return a page of the movements that are looked for. Raises: NotFound."""
    owner, sorting = owner_for(actor, account), _sorting(sort)
    owned = wallets.wallets_of(owner_id=owner.id, with_closed=True)
    rows, onward = _stretch(_asked(owned, search), search, sorting, behind, PAGE)
    is_short = onward is not None and len(rows) < PAGE
    return MovementsPage(
        owner=owner,
        wallets=owned,
        search=search,
        sorting=sorting,
        days=by_day(named([describe(row) for row in rows])),
        behind=onward,
        searched_to=_booked_on(onward) if is_short and onward else None,
        themes=list(THEMES.values()),
    )


def table_of(
    actor: Actor, *, account: UUID | None, search: Search, sort: str = ""
) -> Iterator[str]:
    """Return the same movements as CSV, all of them, a stretch at a time. Raises: NotFound."""
    owned = wallets.wallets_of(owner_id=owner_for(actor, account).id, with_closed=True)
    return _lines(_asked(owned, search), search, _sorting(sort))


def _sorting(sort: str) -> Sorting:
    return sorting_of(sort, _ORDERS, standard="-booked")


def _lines(asked: dict[str, Any], search: Search, sorting: Sorting) -> Iterator[str]:
    yield MARK + csv_lines([_HEADS])
    onward: int | None = None
    while True:
        with reading():
            stretch, onward = _stretch(asked, search, sorting, onward, BATCH)
            rows = [_cells(row, describe(row)) for row in stretch]
        yield csv_lines(rows)
        if onward is None:
            return


_HEADS = (
    "entry",
    "booked_at",
    "value_date",
    "currency",
    "amount",
    "balance_after",
    "kind",
    "what",
    "reference",
    "note",
    "journal",
)


def _cells(row: Row[Any], line: MovementLine) -> list[object]:
    return [
        row.id,
        row.booked_at.isoformat(),
        row.value_date,
        row.currency,
        line.amount.amount,
        "" if line.balance_after is None else line.balance_after.amount,
        row.kind,
        translate(line.title),
        line.subject,
        line.memo,
        row.journal_id,
    ]


def _stretch(
    asked: dict[str, Any], search: Search, sorting: Sorting, behind: int | None, count: int
) -> tuple[list[Row[Any]], int | None]:
    """Return rows of one stretch, and the entry behind which the next one begins, None at the end.

    Shape: behind is an entry that was shown or read already.
    """
    depth = max(DEPTH, count + 1) if search.is_narrow else count + 1
    where = asked | {"above": 0, "below": _NEWEST, "depth": depth, "count": count + 1}
    where["falls"] = sorting.falls
    if behind is not None:
        where |= {"below": behind - 1} if sorting.falls else {"above": behind}
    query = _OF_REFERENCE if search.reference else _STRETCH[sorting.falls]
    rows = session().execute(query, where).all()
    matches = [row for row in rows if row.id is not None]
    if len(matches) > count:
        return matches[:count], matches[count - 1].id
    is_cut = bool(rows) and rows[0].entries == depth
    return matches, rows[0].furthest if is_cut else None


def _asked(owned: Sequence[WalletView], search: Search) -> dict[str, Any]:
    """Return what the statements of a search need, whatever page."""
    meant = [w for w in owned if not search.currency or w.currency == search.currency]
    kinds = kinds_in_words()
    of_theme = [
        kind for kind, words in kinds.items() if THEMES.get(words.sign, ("", ""))[0] == search.theme
    ]
    fitting = rules.fitting_kinds(
        search.words,
        {
            kind: (translate(Message(w.incoming)), translate(Message(w.outgoing)))
            for kind, w in kinds.items()
        }
        if search.words
        else {},
    )
    amounts = _amounts(search.words, {w.currency for w in meant})
    return {
        "accounts": [w.account_id for w in meant],
        "since": _midnight(search.since),
        "until": _midnight(search.end),
        "way": search.way.value if isinstance(search.way, Direction) else None,
        "kinds": of_theme if search.theme else None,
        "pattern": rules.like(search.words) if search.words else None,
        "reference": search.reference,
        "incoming": fitting.incoming,
        "outgoing": fitting.outgoing,
        "amounts": [minor for minor, _ in amounts],
        "amount_currencies": [currency for _, currency in amounts],
    }


def _amounts(words: str, currencies: set[str]) -> list[tuple[int, str]]:
    """Return the amounts that the words may mean, in minor units of each currency."""
    amounts = []
    for currency in sorted(currencies):
        try:
            amounts.append(
                (abs(parse_amount(words, currency, preferences().locale).minor), currency)
            )
        except AmountUnclear:
            continue
    return amounts


def _booked_on(entry: int) -> date | None:
    at = session().execute(_BOOKED_ON, {"entry": entry}).scalar_one_or_none()
    return at.date() if isinstance(at, datetime) else None


def _midnight(on: date | None) -> datetime | None:
    return datetime.combine(on, time(), tzinfo=UTC) if on else None
