"""Sample values for the page that shows every component in every state; never real ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from kernel.money import Money
from kernel.text import N_, Message
from kernel.web.route import Lane, RailRow, RouteEvent, Score, rails, score


@dataclass(frozen=True)
class Specimens:
    """What the component page prints."""

    price: Money
    yen: Money
    dinar: Money
    minus: Money
    nothing: Money
    first: date
    last: date
    at: datetime
    rows: list[RailRow]
    chart: Score
    complaint: Message


def _event(day: int, hour: int, lane: Lane, title: str, **more: bool) -> RouteEvent:
    at = datetime(2026, 11 if day < 31 else 12, day if day < 31 else day - 30, hour, 5, tzinfo=UTC)
    return RouteEvent(
        at=at, lane=lane, title=Message(title), zone="Europe/Berlin",
        is_planned=more.get("plan", False), is_now=more.get("now", False),
    )  # fmt: skip


def specimens() -> Specimens:
    """Return the sample values."""
    story = [
        _event(16, 19, Lane.MONEY, N_("Held in your wallet")),
        _event(17, 6, Lane.COVER, N_("Cover begins")),
        _event(17, 6, Lane.GOODS, N_("Handed to the carrier")),
        _event(18, 1, Lane.GATE, N_("Export released")),
        _event(23, 10, Lane.GATE, N_("Cleared customs")),
        _event(24, 12, Lane.GOODS, N_("At the depot"), now=True),
        _event(25, 9, Lane.GOODS, N_("Delivered to your door"), plan=True),
        _event(25, 9, Lane.COVER, N_("Cover ends"), plan=True),
        _event(39, 9, Lane.MONEY, N_("Seller is paid"), plan=True),
    ]
    return Specimens(
        price=Money(7651, "EUR"), yen=Money(186000, "JPY"), dinar=Money(12345, "KWD"),
        minus=Money(-26603, "EUR"), nothing=Money.zero("EUR"),
        first=date(2026, 12, 3), last=date(2026, 12, 7),
        at=datetime(2026, 11, 24, 12, 55, tzinfo=UTC),
        rows=rails(story), chart=score(story, today=date(2026, 11, 24)),
        complaint=Message(N_("Enter an e-mail address, like name@example.com.")),
    )  # fmt: skip
