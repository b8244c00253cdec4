"""Lays a story out along its route: goods, money and cover as three rails, newest first.

Pages bring events with a lane; where each rail starts, ends and is still to come follows from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain, groupby

from kernel.text import Message

LONGEST = 40  # days a score can show
_SCORE_EMS = 170  # signs of a small word that fit side by side on a wide screen


class Lane(StrEnum):
    """Which of the three lines an event stands on; a gate is a border that the goods cross."""

    GOODS = "goods"
    GATE = "gate"
    MONEY = "money"
    COVER = "cover"


_RAIL = {Lane.GOODS: 0, Lane.GATE: 0, Lane.MONEY: 1, Lane.COVER: 2}
_SIGN = {Lane.GOODS: "", Lane.GATE: "lane-gate", Lane.MONEY: "lane-money", Lane.COVER: "lane-cover"}
_PART = ("lane-goods", "lane-money", "lane-cover")


@dataclass(frozen=True, kw_only=True)
class RouteEvent:
    """Something that happened, or is planned, on one of the lines.

    Shape: title and text are words of the page; zone is the time zone of the place.
    """

    at: datetime
    lane: Lane
    title: Message | str
    text: Message | str = ""
    zone: str | None = None
    is_planned: bool = False
    is_now: bool = False
    is_day_only: bool = False
    word: Message | str = ""


@dataclass(frozen=True)
class RailRow:
    """One row of the timeline as the macro draws it.

    Shape: cuts are the classes of the three rails beside it; at is None where the hour does not
    count. The macro names a day once, in the zone that it prints.
    """

    title: Message | str
    text: Message | str
    day: datetime
    at: datetime | None
    zone: str | None
    mark: str
    cuts: tuple[str, str, str]
    is_planned: bool


def rails(events: Sequence[RouteEvent]) -> list[RailRow]:
    """Return the rows of a timeline, newest first, with each rail cut where its thing begins.

    Of one instant, rails stand in the order in which they are given, and on one rail what is given
    later stands above what is given before it: the one came out of the other.
    """
    newest_first: list[RouteEvent] = []
    by_instant = groupby(sorted(events, key=_when, reverse=True), key=_when)
    for _, at_once in by_instant:
        on_rails: dict[int, list[RouteEvent]] = {}
        for event in at_once:
            on_rails.setdefault(_RAIL[event.lane], []).insert(0, event)
        newest_first += chain.from_iterable(on_rails.values())
    spans = [_span(newest_first, rail) for rail in range(3)]
    rows = []
    for index, event in enumerate(newest_first):
        cuts = tuple(_cut(index, span, newest_first) for span in spans)
        rows.append(
            RailRow(
                title=event.title,
                text=event.text,
                day=event.at,
                at=None if event.is_day_only else event.at,
                zone=event.zone,
                mark="now" if event.is_now else _SIGN[event.lane],
                cuts=(cuts[0], cuts[1], cuts[2]),
                is_planned=event.is_planned,
            )
        )
    return rows


def _when(event: RouteEvent) -> tuple[bool, datetime]:
    return event.is_planned, event.at


def _span(events: Sequence[RouteEvent], rail: int) -> tuple[int, int] | None:
    """Return the first and last row of a rail, counted from the newest."""
    rows = [index for index, event in enumerate(events) if _RAIL[event.lane] == rail]
    if not rows:
        return None
    newest = rows[0]
    if _is_open([events[index] for index in rows]):
        newest = min((n for n, event in enumerate(events) if not event.is_planned), default=newest)
    return newest, rows[-1]


def _cut(index: int, span: tuple[int, int] | None, events: Sequence[RouteEvent]) -> str:
    if span is None or not span[0] <= index <= span[1]:
        return "off"
    words = []
    if index == span[0]:
        words.append("from")
    if index == span[1]:
        words.append("till")
    if events[index].is_planned:
        words.append("next")
    return " ".join(words)


@dataclass(frozen=True)
class ScoreDay:
    """A column: named days carry the month, the others only a figure."""

    on: date
    is_named: bool
    is_today: bool


@dataclass(frozen=True)
class ScorePart:
    """A line over days; first is the column it starts in, last the column before which it ends."""

    lane: str
    row: int
    first: int
    last: int
    is_planned: bool


@dataclass(frozen=True)
class ScoreMark:
    """A sign on a line, with at most three words."""

    kind: str
    row: int
    column: int
    word: Message | str


@dataclass(frozen=True)
class Score:
    """The three lines over days; today is a column, None when it lies outside."""

    days: list[ScoreDay]
    today: int | None
    parts: list[ScorePart]
    marks: list[ScoreMark]


def score(events: Sequence[RouteEvent], *, today: date, goes_on: bool = False) -> Score:
    """Return goods, money and cover drawn over the days from the first event to the last.

    A story that goes on runs to today at least; one longer than forty days shows its last forty.
    """
    assert events, "a score needs a story"
    last = max(event.at.date() for event in events)
    last = max(last, today) if goes_on else last
    first = max(min(event.at.date() for event in events), last - timedelta(days=LONGEST - 1))
    length = (last - first).days + 1
    if length < 7:
        last, length = first + timedelta(days=6), 7
    days = [_day(first + timedelta(days=n), today, first, last) for n in range(length)]

    def column(on: date) -> int:
        return min(max((on - first).days, 0), length - 1) + 2

    parts = [part for rail in range(3) for part in _parts(events, rail, column, today)]
    worded = _worded(events, column, length)
    marks = [
        ScoreMark(
            _kind(event),
            _RAIL[event.lane] + 2,
            column(event.at.date()),
            event.word if n in worded else "",
        )
        for n, event in enumerate(events)
    ]
    return Score(days, column(today) if first <= today <= last else None, parts, marks)


def _worded(
    events: Sequence[RouteEvent], column: Callable[[date], int], length: int
) -> frozenset[int]:
    """Return the events whose words have room beside those of their line: what is to come first.

    A word runs along the reading from its mark, of what is planned against it. Signs of East Asia
    count twice.
    """
    day = _SCORE_EMS / length
    taken: dict[int, list[tuple[float, float]]] = {}
    worded = []
    for n in sorted(range(len(events)), key=lambda n: (not events[n].is_planned, n)):
        event, row = events[n], taken.setdefault(_RAIL[events[n].lane], [])
        word = event.word if isinstance(event.word, str) else event.word.msgid
        if not word:
            continue
        begin = day * column(event.at.date())
        width = sum(2 if ord(sign) >= 0x1100 else 1 for sign in word) + 1
        span = (begin - width, begin) if event.is_planned else (begin, begin + width)
        if all(span[1] <= start or end <= span[0] for start, end in row):
            row.append(span)
            worded.append(n)
    return frozenset(worded)


def _is_open(on_rail: Sequence[RouteEvent]) -> bool:
    """Whether what began has not ended: money kept, cover in force, with no end in sight yet."""
    return len(on_rail) == 1 and on_rail[0].lane in {Lane.MONEY, Lane.COVER}


def _day(on: date, today: date, first: date, last: date) -> ScoreDay:
    """Name the ends, and a month that begins where its name has room beside theirs."""
    room = (last - first) / 3
    begins = on.day == 1 and first + room <= on <= last - room
    return ScoreDay(on, on in {first, last} or begins, on == today)


def _kind(event: RouteEvent) -> str:
    if event.is_now:
        return "now"
    return f"{_SIGN[event.lane]} planned".strip() if event.is_planned else _SIGN[event.lane]


def _parts(
    events: Sequence[RouteEvent], rail: int, column: Callable[[date], int], today: date
) -> Iterator[ScorePart]:
    on_rail = [event for event in events if _RAIL[event.lane] == rail]
    if not on_rail:
        return
    begin = min(event.at.date() for event in on_rail)
    end = max(event.at.date() for event in on_rail)
    if all(event.is_planned for event in on_rail):
        begin = min(begin, today)
    elif _is_open(on_rail):
        end = max(end, today)
    turn = min(max(today, begin), end)
    if begin < turn:
        yield ScorePart(_PART[rail], rail + 2, column(begin), column(turn), is_planned=False)
    if turn < end:
        yield ScorePart(_PART[rail], rail + 2, column(turn), column(end), is_planned=True)
