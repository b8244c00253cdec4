"""What the search of movements carries in its address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from banking.accounts.wallets.queries import WALLET_CURRENCIES
from banking.online.activity.rules import THEMES, Direction, Search
from kernel.text import N_
from kernel.web import Reader

_THEMES = {word for word, _ in THEMES.values()}


def search(arguments: Mapping[str, str]) -> Search:
    """Read a search. Raises: Invalid."""
    reader = Reader(arguments)
    way = reader.choice("way", {"", *Direction})
    read = Search(
        words=reader.text("find", most=60, optional=True),
        theme=reader.choice("theme", {"", *_THEMES}),
        currency=reader.raw("currency").upper(),
        way=Direction(way) if way in set(Direction) else None,
        since=day(reader, "from"),
        until=day(reader, "to"),
    )
    if read.currency and read.currency not in WALLET_CURRENCIES:
        reader.complain("currency", N_("Choose one of the options."))
    if read.since and read.until and read.until < read.since:
        reader.complain("to", N_("The last day is before the first."))
    reader.done()
    return read


def day(reader: Reader, name: str) -> date | None:
    """Return a day as a browser's field writes it, None when it was left empty."""
    typed = reader.raw(name)
    if not typed:
        return None
    try:
        chosen = date.fromisoformat(typed)
    except ValueError:
        chosen = None
    if chosen is None or not 2000 <= chosen.year <= 2999:
        reader.complain(name, N_("Choose a day from the calendar."))
        return None
    return chosen
