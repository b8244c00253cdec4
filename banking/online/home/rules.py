"""How the bank's pages put figures into words and shares; plain values in and out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from kernel.money import Money
from kernel.text import N_, Message


class Pending(StrEnum):
    """Why the money of a movement may still come back."""

    HELD = "held"
    UNDER_WAY = "under_way"


@dataclass(frozen=True, slots=True)
class MovementWords:
    """How a kind of journal reads on a customer's page: a drawing, and a sentence for each way."""

    sign: str
    incoming: str
    outgoing: str

    def drawn(self, amount: Money) -> str:
        """Return the drawing of one movement: an arrow points the way its money went."""
        return "receive" if self.sign == "send" and amount.minor > 0 else self.sign


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """Which page belongs to a subject: an endpoint and the name of its argument."""

    endpoint: str
    argument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementLine:
    """One movement in words.

    Shape: page is None when the subject has no page; pending says why its money may still come
    back, None when it is final; names are whom it was with, as customers call them; sellers are the
    organisations among these with the names of their registers.
    """

    entry_id: int
    sign: str
    title: Message
    subject: str
    memo: str
    page: SubjectPage | None
    amount: Money
    balance_after: Money | None
    on: date
    pending: Pending | None = None
    names: Sequence[str] = ()
    sellers: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MovementDay:
    """The movements of one day, newest first."""

    on: date
    lines: Sequence[MovementLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """Money kept back of a wallet: for what, and until when. Shape: page as a movement's."""

    remaining: Money
    reason: str
    subject: str
    page: SubjectPage | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Total:
    """Everything in one currency. Shape: unrated are currencies without a rate, left out."""

    amount: Money
    held: Money
    rate_on: date | None
    attribution: str
    unrated: Sequence[str]


WORDS: Mapping[str, MovementWords] = {
    "card_top_up": MovementWords("card", N_("Added by card"), N_("Card payment reversed")),
    "card_refund": MovementWords("card", N_("Back from the card"), N_("Refunded to card")),
    "card_refund_returned": MovementWords("card", N_("Back from the card"), N_("Refunded to card")),
    "card_disputed": MovementWords(
        "card", N_("Disputed card payment"), N_("Set aside for a disputed card payment")
    ),
    "card_dispute_won": MovementWords(
        "card", N_("Disputed card payment returned"), N_("Disputed card payment")
    ),
    "card_debt_paid": MovementWords(
        "card", N_("Disputed card payment"), N_("Owed for a disputed card payment")
    ),
    "exchange": MovementWords("swap", N_("Exchange: bought"), N_("Exchange: sold")),
    "exchange_refunded": MovementWords("swap", N_("Exchange reversed"), N_("Exchange reversed")),
    "waiting_freed": MovementWords(
        "wallet", N_("Money that was waiting"), N_("Money that was waiting")
    ),
    "escrow_funded": MovementWords("box", N_("Money for an order"), N_("Paid for an order")),
    "escrow_released": MovementWords("box", N_("Earned from an order"), N_("Paid for an order")),
    "transfer": MovementWords("send", N_("Transfer received"), N_("Transfer sent")),
    "transfer_cancelled": MovementWords("send", N_("Transfer cancelled"), N_("Transfer cancelled")),
    "transfer_returned": MovementWords("send", N_("Transfer returned"), N_("Transfer returned")),
    "payout_debt": MovementWords("wallet", N_("Owed to Entrepôt"), N_("Owed to Entrepôt")),
    "reserve_kept": MovementWords("wallet", N_("Reserve returned"), N_("Held as a reserve")),
    "reserve_returned": MovementWords("wallet", N_("Reserve returned"), N_("Held as a reserve")),
    "escrow_refunded": MovementWords("box", N_("Order refunded"), N_("Refund for an order")),
}
OTHER = MovementWords("wallet", N_("Money received"), N_("Money paid"))


def share(*, part: Money, whole: Money) -> int:
    """Return the part of a whole in whole percent, 0 to 100; a nonzero part is never 0 or 100."""
    if whole.minor <= 0 or part.minor <= 0:
        return 100 if part == whole else 0
    percent = 100 * part.minor // whole.minor
    return percent if part.minor >= whole.minor else min(99, max(1, percent))


def by_day(lines: Iterable[MovementLine]) -> list[MovementDay]:
    """Return movements under their days, in the order given."""
    return [
        MovementDay(on, list(movements))
        for on, movements in groupby(lines, key=lambda line: line.on)
    ]


def time_left(*, from_: datetime, until: datetime, now: datetime) -> int:
    """Return how much of a period is left in whole percent, 0 to 100."""
    whole = (until - from_).total_seconds()
    return max(0, min(100, int(100 * (until - now).total_seconds() / whole)))


def closing_balances(
    *, now: Mapping[str, Money], changes: Mapping[tuple[str, date], Money], days: Sequence[date]
) -> dict[date, dict[str, Money]]:
    """Return what each currency held at the end of each day, walked back from what it holds now.

    Shape: changes maps (currency, day) to what that day moved; days are consecutive, oldest first.
    """
    balances: dict[date, dict[str, Money]] = {}
    held = dict(now)
    for on in reversed(days):
        balances[on] = dict(held)
        for currency, amount in held.items():
            moved = changes.get((currency, on))
            held[currency] = amount if moved is None else amount - moved
    return dict(reversed(balances.items()))


def last_days(today: date, count: int) -> list[date]:
    """Return the last days up to today, oldest first."""
    return [today - timedelta(days=count - 1 - n) for n in range(count)]


OTHER_SIDE: Mapping[str, str] = {
    "wallet": N_("Another wallet"),
    "wallet_suspense": N_("Money that was waiting"),
    "escrow": N_("Held for the order"),
    "card_receivable": N_("The card network"),
    "card_refunds_due": N_("Held for the card"),
    "chargeback_reserve": N_("Set aside for the dispute"),
    "customer_debt": N_("Owed to the bank"),
    "written_off": N_("Owed to the bank"),
    "fx_position": N_("The bank's currency account"),
    "fx_revenue": N_("The bank's margin"),
    "premium_payable": N_("Premium for the insurer"),
    "premium_tax_payable": N_("Insurance tax"),
    "insurer_float": N_("The insurer's claims money"),
    "open_cover_deposits": N_("Deposit of the open cover"),
    "open_cover_premium_owed": N_("Premium of the open cover"),
    "rail_clearing": N_("On its way to another bank"),
    "rail_nostro": N_("Another bank"),
    "transfer_fees": N_("The bank's fee"),
    "vendor_reserve": N_("Held as a reserve"),
    "vendor_debt": N_("Owed to Entrepôt"),
    "rounding": N_("Rounding"),
}
HOUSE = N_("An Entrepôt account")


def other_sides(kinds: Iterable[str]) -> list[str]:
    """Return marked sentences for the accounts on the other side of a journal, each once."""
    return list(dict.fromkeys(OTHER_SIDE.get(kind, HOUSE) for kind in kinds))
