"""Sample values for the page that shows every component in every state; never real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from kernel.money import Money
from kernel.text import N_, Message
from kernel.web.forms import FormState
from kernel.web.route import Lane, RailRow, RouteEvent, Score, rails, score
from kernel.web.sorting import Column, Sorting, sorting_of

SCHEMES = ("light", "dark")
_COLUMNS = {
    "placed": Column(N_("Oldest first"), N_("Newest first"), falls=True),
    "total": Column(N_("Smallest amount first"), N_("Largest amount first"), falls=True),
}
STATES = ("", "is-hover", "is-focus", "is-active")


@dataclass(frozen=True)
class Step:
    """A line of a timeline as the macro takes it."""

    state: str
    title: str
    at: datetime | None = None
    text: str = ""
    zone: str = ""


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
    huge: Money
    long_word: str
    states: Sequence[str]
    scheme: str
    story: Sequence[Step]
    rates: Sequence[tuple[date, Decimal]]
    year: Sequence[tuple[date, Decimal]]
    balances: Sequence[tuple[date, Money]]
    sales: Sequence[tuple[date, Money]]
    pieces: Sequence[tuple[date, int]]
    sorting: Sorting


def _event(day: int, hour: int, lane: Lane, title: str, **more: bool) -> RouteEvent:
    at = datetime(2026, 11 if day < 31 else 12, day if day < 31 else day - 30, hour, 5, tzinfo=UTC)
    return RouteEvent(
        at=at,
        lane=lane,
        title=Message(title),
        zone="Europe/Berlin",
        is_planned=more.get("plan", False),
        is_now=more.get("now", False),
    )


def refused_form() -> FormState:
    """Return a form in which every field was refused, with long things typed into it."""
    sentence = Message(N_("Enter an email address, like name@example.com."))
    names = (
        "name",
        "email",
        "country",
        "amount",
        "password",
        "words",
        "agree",
        "cover",
        "pictures",
        "stars",
    )
    return FormState(
        values={"name": "Donaudampfschifffahrtsgesellschaftskapitän", "email": "name@"},
        errors=dict.fromkeys(names, sentence),
    )


def _wave(count: int, *, low: int, room: int, swing: int) -> list[int]:
    """Return figures that rise and fall; the same ones each time."""
    return [low + (n * n * swing + n * 7) % room for n in range(count)]


def _days(count: int) -> list[date]:
    return [date(2026, 11, 24) - timedelta(count - 1 - n) for n in range(count)]


def _journey() -> list[RouteEvent]:
    return [
        _event(16, 19, Lane.MONEY, N_("Held in your wallet")),
        _event(17, 6, Lane.COVER, N_("Cover starts")),
        _event(17, 6, Lane.GOODS, N_("Handed to the carrier")),
        _event(18, 1, Lane.GATE, N_("Export released")),
        _event(23, 10, Lane.GATE, N_("Cleared customs")),
        _event(24, 12, Lane.GOODS, N_("At the depot"), now=True),
        _event(25, 9, Lane.GOODS, N_("Delivered to your door"), plan=True),
        _event(25, 9, Lane.COVER, N_("Cover ends"), plan=True),
        _event(39, 9, Lane.MONEY, N_("Seller is paid"), plan=True),
    ]


def specimens(scheme: str = "") -> Specimens:
    """Return the sample values."""
    story = _journey()
    return Specimens(
        price=Money(7651, "EUR"),
        yen=Money(186000, "JPY"),
        dinar=Money(12345, "KWD"),
        minus=Money(-26603, "EUR"),
        nothing=Money.zero("EUR"),
        first=date(2026, 12, 3),
        last=date(2026, 12, 7),
        at=datetime(2026, 11, 24, 12, 55, tzinfo=UTC),
        rows=rails(story),
        chart=score(story, today=date(2026, 11, 24)),
        complaint=Message(N_("Enter an email address, like name@example.com.")),
        huge=Money(123_456_789_012_345, "EUR"),
        long_word="Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
        states=STATES,
        scheme=scheme if scheme in SCHEMES else "",
        story=(
            Step("done", "Reported", datetime(2026, 11, 21, 9, tzinfo=UTC), "Three bowls broke."),
            Step("done", "Pictures received", datetime(2026, 11, 22, 14, 40, tzinfo=UTC)),
            Step("now", "We decide by Thursday", text="Nothing is asked of you."),
            Step("next", "Paid into your wallet"),
        ),
        rates=[
            (on, Decimal(17000 + n).scaleb(-2))
            for on, n in zip(_days(30), _wave(30, low=400, room=900, swing=37), strict=True)
        ],
        year=[
            (on, Decimal(10_000 + n).scaleb(-4))
            for on, n in zip(_days(365), _wave(365, low=300, room=1100, swing=3), strict=True)
        ],
        balances=[
            (on, Money(n * 100, "EUR"))
            for on, n in zip(_days(30), _wave(30, low=900, room=5200, swing=11), strict=True)
        ],
        sales=[
            (on, Money(n * 100, "JPY"))
            for on, n in zip(_days(14), _wave(14, low=90, room=4000, swing=131), strict=True)
        ],
        pieces=list(zip(_days(8), (3, 0, 1, 5, 4, 2, 7, 1), strict=True)),
        sorting=sorting_of("", _COLUMNS, standard="-placed"),
    )
