"""What a notice says beside the amount: which pieces are missing, and what they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from insurance.contracts.policies.queries import PolicyView
from insurance.losses.claims.errors import LossAbovePieces, PiecesWrong
from kernel.money import Money, total


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Pieces of one thing that were not in a parcel. Shape: item is its place in the parcel."""

    item: int
    pieces: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """What a holder says of a loss beside its amount. Shape: empty where nothing was asked."""

    missing: tuple[Missing, ...] = ()


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
