"""What a notice says beside the amount: what is missing, how it was stolen, who else pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from insurance.contracts.policies.queries import PolicyView
from insurance.losses.claims.errors import LossAbovePieces, PiecesWrong, PoliceDayWrong
from kernel.money import Money, total
from kernel.text import Message
from kernel.web.formats import day_in


class Place(StrEnum):
    """Where a parcel was before it was stolen."""

    DOOR = "door"
    HALLWAY = "hallway"
    LETTERBOX = "letterbox"
    LOCKER = "locker"
    NEIGHBOUR = "neighbour"
    HOME = "home"
    VEHICLE = "vehicle"
    PUBLIC = "public"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Pieces of one thing that were not in a parcel. Shape: item is its place in the parcel."""

    item: int
    pieces: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stolen:
    """How something was stolen after delivery. Shape: no report of the police is empty and None."""

    place: Place
    police_ref: str = ""
    police_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Another insurance of the same loss.

    Shape: amount is what it paid, or will pay where it has not yet; None where nobody knows that.
    """

    insurer: str
    amount: Money | None
    is_paid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """What a holder says of a loss beside its amount. Shape: empty where nothing was asked."""

    missing: tuple[Missing, ...] = ()
    stolen: Stolen | None = None
    elsewhere: Elsewhere | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """What a claim keeps of it among its facts, plain values."""
        kept: dict[str, Any] = {}
        if self.stolen is not None:
            told = self.stolen.police_on
            kept["stolen"] = {
                "place": self.stolen.place.value,
                "police_ref": self.stolen.police_ref,
                "police_on": told.isoformat() if told else None,
            }
        if self.elsewhere is not None:
            amount = self.elsewhere.amount
            kept["elsewhere"] = {
                "insurer": self.elsewhere.insurer,
                "minor": None if amount is None else amount.minor,
                "is_paid": self.elsewhere.is_paid,
            }
        return kept


def stolen_of(facts: Mapping[str, Any]) -> Stolen | None:
    """Return how something was stolen, of what a claim keeps; None where nobody said it."""
    if "stolen" not in facts:
        return None
    kept = facts["stolen"]
    return Stolen(
        place=Place(kept["place"]),
        police_ref=kept["police_ref"],
        police_on=date.fromisoformat(kept["police_on"]) if kept["police_on"] else None,
    )


def elsewhere_of(facts: Mapping[str, Any], currency: str) -> Elsewhere | None:
    """Return the other insurance of what a claim keeps, None where nobody named one."""
    if "elsewhere" not in facts:
        return None
    kept = facts["elsewhere"]
    return Elsewhere(
        insurer=kept["insurer"],
        amount=None if kept["minor"] is None else Money(kept["minor"], currency),
        is_paid=kept["is_paid"],
    )


def check_police_day(stolen: Stolen | None, policy: PolicyView, now: datetime) -> None:
    """Keep the day of a police report between delivery and now, by the calendar where it came.

    Raises: PoliceDayWrong.
    """
    if stolen is None or stolen.police_on is None:
        return
    assert policy.delivered_at is not None, "what is stolen after delivery has been delivered"
    first, last = (day_in(policy.destination_country, at) for at in (policy.delivered_at, now))
    if not first <= stolen.police_on <= last:
        raise PoliceDayWrong({"police_on": Message(PoliceDayWrong.message)})


def worth(missing: Sequence[Missing], policy: PolicyView) -> list[Money]:
    """Return what missing pieces are worth, each the share of its thing's insured value.

    Rounded once for each thing. Raises: PiecesWrong for what was not in the parcel.
    """
    items = policy.items
    if len({one.item for one in missing}) < len(missing):
        raise PiecesWrong
    values = []
    for one in missing:
        if not 0 <= one.item < len(items) or not 1 <= one.pieces <= one.of:
            raise PiecesWrong
        if items[one.item].pieces not in {None, one.of}:
            raise PiecesWrong
        values.append(items[one.item].value.times(Fraction(one.pieces, one.of)))
    return values


def lines_of(loss: Money | None, values: Sequence[Money]) -> tuple[Money, list[tuple[str, Money]]]:
    """Return a loss with the lines that it is reckoned by.

    Missing pieces are reckoned at what they are worth, or at less where only a part of a piece is
    missing. Raises: LossAbovePieces.
    """
    if not values:
        assert loss is not None, "a notice says what was lost, or which pieces are missing"
        return loss, [("loss", loss)]
    most = total(values, values[0].currency)
    if loss is None:
        return most, [("missing_pieces", most)]
    if loss > most:
        raise LossAbovePieces(most=most)
    return loss, [("missing_pieces", most), ("part_of_piece", loss - most)]
