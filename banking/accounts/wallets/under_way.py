"""What still moves money of wallets: every room says it of its own, closing asks for all of it.

A room that knows such a thing has a module of this name with `UNDER_WAY`; the house finds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, cast, func, null, select
from sqlalchemy.orm import DeclarativeBase

from banking.accounts.wallets.models import Wallet
from banking.accounts.wallets.rules import SET_ASIDE
from banking.core.ledger.models import Hold

# The wallets that are asked about; `:now` is the time at which it is asked.
ASKED = (
    select(Wallet.id, Wallet.owner_id, Wallet.account_id, Wallet.currency)
    .where(Wallet.id.in_(bindparam("wallets", expanding=True)))
    .cte("asked")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """One thing that has to end before a wallet can close.

    Shape: kind names it for good; rows selects `currency`, `number` and `owed` (minor units, NULL
    for what is only counted) of the wallets in ASKED, no row where there is none. What the bank's
    own page has no sentence for brings one: words are marked, endpoint is where it ends.
    """

    kind: str
    rows: Select[Any]
    words: str = ""
    endpoint: str = ""


def counted(
    table: type[DeclarativeBase],
    *conditions: ColumnElement[bool],
    of: ColumnElement[bool],
    number: ColumnElement[Any] | None = None,
) -> Select[Any]:
    """Return how many rows of a table are under way, for each of the wallets they belong to.

    Shape: of says how a row belongs to a wallet in ASKED; number replaces counting the rows.
    """
    return (
        select(
            ASKED.c.currency,
            (func.count() if number is None else number).label("number"),
            cast(null(), BigInteger).label("owed"),
        )
        .join_from(ASKED, table, of)
        .where(*conditions)
        .group_by(ASKED.c.currency)
    )


UNDER_WAY = (
    UnderWay(
        kind="holds",
        rows=counted(
            Hold,
            Hold.state == "open",
            Hold.reason != SET_ASIDE,  # a pot ends otherwise, and says so itself
            of=Hold.account_id == ASKED.c.account_id,
        ),
    ),
)
