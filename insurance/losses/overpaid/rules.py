"""How much of an indemnity was too much once others pay the same loss, and how a case goes on."""

from __future__ import annotations

from enum import StrEnum

from insurance.losses.overpaid.errors import OverpaymentNotDue, OverpaymentSettled
from kernel.money import Money


class CameFrom(StrEnum):
    """Who paid the loss after the cover had decided to pay it."""

    SELLER = "seller"
    CARRIER = "carrier"
    CARD = "card"


class OverpaidState(StrEnum):
    """Where a case stands.

    WAITING, until the cover has paid → OPEN → RETURNED, by its holder; or → DROPPED, by two
    underwriters.
    """

    WAITING = "waiting"
    OPEN = "open"
    RETURNED = "returned"
    DROPPED = "dropped"


UNSETTLED = frozenset({OverpaidState.WAITING, OverpaidState.OPEN})


def too_much(*, indemnity: Money, earlier: Money, back: Money, loss: Money, asked: Money) -> Money:
    """Return what of an indemnity nobody has been asked for and the holder has twice.

    All that was paid for a loss, less the loss: never more than the indemnity, never below zero.
    Shape: earlier is what was set off before the decision, back what came after it, loss all of
    what was lost with the holder's own share, asked what other cases of the claim ask for.
    """
    zero = Money.zero(indemnity.currency)
    twice = max(indemnity + earlier + back - loss, zero)
    return max(min(twice, indemnity) - asked, zero)


def check_unsettled(state: OverpaidState) -> None:
    """Let nobody change what is over. Raises: OverpaymentSettled."""
    if state not in UNSETTLED:
        raise OverpaymentSettled


def check_give_back(state: OverpaidState) -> None:
    """Let a holder give back what the cover has paid. Raises: as above, OverpaymentNotDue."""
    check_unsettled(state)
    if state is OverpaidState.WAITING:
        raise OverpaymentNotDue
