"""Hearts of a browser without an account: they stand in its own signed cookie, nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from flask import session

from marketplace.shop.favourites.errors import BrowserFull
from marketplace.shop.favourites.kept import Kept
from marketplace.shop.favourites.rules import MOST_IN_BROWSER


def kept() -> list[Kept]:
    """Return what this browser keeps, the oldest first."""
    return [Kept(*one) for one in session.get("hearts", [])]


def keep(one: Kept) -> None:
    """Keep goods in the cookie; what is there stays. Raises: BrowserFull."""
    held = kept()
    if one.ref in {other.ref for other in held}:
        return
    if len(held) >= MOST_IN_BROWSER:
        raise BrowserFull(most=MOST_IN_BROWSER)
    _write([*held, one])


def drop(ref: str) -> None:
    """Keep goods no longer."""
    _write([one for one in kept() if one.ref != ref])


def hand_over() -> Sequence[Kept]:
    """Return what this browser keeps, and keep it no longer."""
    held = kept()
    session.pop("hearts", None)
    return held


def _write(held: Sequence[Kept]) -> None:
    session["hearts"] = [[one.ref, one.minor, one.currency, one.country] for one in held]
