"""How final a movement is, and whom it was with; its columns stand in `sql/counterparty.sql`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from banking.online.home.rules import MovementLine

# Takes organisations, returns what a reader of the page calls those that are known.
Namer = Callable[[Collection[UUID]], Mapping[UUID, str]]
_namers: list[Namer] = []


def name_sellers(namer: Namer) -> None:
    """Let an upper floor say what customers call those who sell; a register's name is the rest."""
    if namer not in _namers:
        _namers.append(namer)


def named(lines: Sequence[MovementLine]) -> list[MovementLine]:
    """Return movements with the names that customers know, from one question for all of them."""
    sellers = {seller for line in lines for seller in line.sellers}
    known = {key: name for namer in _namers for key, name in namer(sellers).items()}
    return [
        replace(line, names=sorted(known.get(key, name) for key, name in line.sellers.items()))
        if line.sellers
        else line
        for line in lines
    ]
