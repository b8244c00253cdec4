"""Where the lines, bars and words of a chart stand; templates draw them as SVG, without script.

Widths are shares, heights are pixels: one drawing fits a telephone and a desk, and its letters keep
their size. Time runs from left to right in every language, as figures do; the scale stands where
reading begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Literal

from kernel.money import Money, exponent
from kernel.web import formats
from kernel.web.locales import direction

Value = Money | Decimal | int
Points = Sequence[tuple[date, Value]]
Unit = Literal["rate", "number"]

_TOP, _FOOT = 24, 28  # room for the highest figure, and for the days below
_SCALE = Decimal(11)  # percent of the width, where the figures of the scale stand
_ACROSS = 1000  # units of the inner drawing, which is stretched to the width there is
_STEPS = tuple(Decimal(step) for step in ("1", "2", "2.5", "5"))
_MOST_STEPS = 4
_MOST_ROWS = 31  # rows of the table, and places that answer the pointer
_FIGURE = re.compile(r"\d[\d.,]*")  # within an amount
_BAR = Decimal("0.68")  # of the room that a day has
_LONG = 180  # days from which on a date tells its year


@dataclass(frozen=True, slots=True)
class Mark:
    """A place with its words. Units: x in percent, y in pixels. Shape: anchor as SVG has it."""

    x: str
    y: str
    words: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Row:
    """A value as the table and the pointer tell it. Units: x and width in percent."""

    x: str
    width: str
    day: str
    value: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. Units: x and width in percent, y and height in pixels."""

    x: str
    width: str
    y: str
    height: str
    is_open: bool
    words: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What every chart has around its values.

    Units: height and base in pixels; inner, where the drawing begins, and its width in percent.
    Shape: grid from the lowest; count is how many values there are; low to latest are words.
    """

    height: int
    base: str
    inner: str
    inner_width: str
    grid: list[Mark]
    days: list[Mark]
    rows: list[Row]
    count: int
    first: str
    last: str
    low: str
    high: str
    latest: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """A line over days. Shape: line and area are paths of the inner drawing."""

    frame: Frame
    line: str
    area: str
    now: Mark


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars over days or weeks, oldest first."""

    frame: Frame
    bars: list[Bar]


def ticks(low: Decimal, high: Decimal, *, grain: Decimal = Decimal(0)) -> list[Decimal]:
    """Return round figures from at or below `low` to at or above `high`, four steps at most.

    Shape: steps are 1, 2, 2.5 or 5 of a power of ten, and whole multiples of the grain.
    """
    if low == high:
        room = abs(low) / 20 or Decimal(1)
        low, high = (low - room, high + room) if low else (low, high + room)
    power = ((high - low) / _MOST_STEPS).adjusted()
    for step in (step.scaleb(power + n) for n in range(4) for step in _STEPS):
        first = int((low / step).to_integral_value(ROUND_FLOOR))
        last = int((high / step).to_integral_value(ROUND_CEILING))
        if last - first <= _MOST_STEPS and not (grain and step % grain):
            return [n * step for n in range(first, last + 1)]
    raise AssertionError("values are multiples of their grain")


def plot_line(
    points: Points, *, unit: Unit = "number", height: int = 220, from_zero: bool = False
) -> LineChart | None:
    """Return a line over days, oldest first; nothing before there are two days to join."""
    if len(points) < 2:
        return None
    scale = _scale(points, height, from_zero=from_zero)
    span = (points[-1][0] - points[0][0]).days
    shares = [Decimal((on - points[0][0]).days) / span for on, _ in points]
    heights = [_short(scale.y(value)) for _, value in points]
    path = " ".join(f"{_short(x * _ACROSS)},{y}" for x, y in zip(shares, heights, strict=True))
    floor = _short(scale.floor)
    return LineChart(
        frame=_frame(points, shares, scale, unit),
        line=f"M{path}",
        area=f"M0,{floor} L{path} L{_ACROSS},{floor}Z",
        now=Mark(_place(shares[-1]), heights[-1], _words(points[-1][1], unit)),
    )


def plot_bars(
    points: Points, *, unit: Unit = "number", height: int = 220, is_open: bool = False
) -> BarChart | None:
    """Return bars over days or weeks, oldest first; `is_open`: the last one still grows."""
    if not points:
        return None
    scale = _scale(points, height, from_zero=True)
    room = Decimal(1) / len(points)
    middles = [(n + Decimal("0.5")) * room for n in range(len(points))]
    bars = [
        Bar(
            x=_place(middle - room * _BAR / 2),
            width=_short(room * _BAR * (100 - _SCALE)),
            y=_short(min(scale.zero, scale.y(value))),
            height=_short(abs(scale.zero - scale.y(value))),
            is_open=is_open and on == points[-1][0],
            words=_words(value, unit),
        )
        for middle, (on, value) in zip(middles, points, strict=True)
    ]
    return BarChart(frame=_frame(points, middles, scale, unit), bars=bars)


@dataclass(frozen=True, slots=True)
class _Scale:
    figures: list[Decimal]
    height: int

    @property
    def floor(self) -> Decimal:
        return Decimal(self.height - _FOOT)

    @property
    def zero(self) -> Decimal:
        """Where bars stand: at nothing, when the scale shows it."""
        return self.y(max(Decimal(0), self.figures[0]))

    def y(self, value: Value) -> Decimal:
        low, high = self.figures[0], self.figures[-1]
        return self.floor - (_number(value) - low) / (high - low) * (self.floor - _TOP)

    def marks(self, *, is_right: bool, kind: Value) -> list[Mark]:
        """Return the figures beside the drawing, short ones where they are large.

        The highest one stands above the drawing, where it has room to name the currency.
        """
        is_large = max(abs(self.figures[0]), abs(self.figures[-1])) >= 10_000
        step = (self.figures[1] - self.figures[0]).normalize()
        digits = max(0, -int(step.as_tuple().exponent))
        x, anchor = ("100", "end") if is_right else ("0", "start")
        words = [
            _brief(figure) if is_large else formats.format_number(figure, digits=digits)
            for figure in self.figures
        ]
        if isinstance(kind, Money):
            nothing = formats.format_money(Money.zero(kind.currency))
            words[-1] = _FIGURE.sub(words[-1], nothing, count=1)
        return [
            Mark(x, _short(self.y(figure)), word, anchor)
            for figure, word in zip(self.figures, words, strict=True)
        ]


def _scale(points: Points, height: int, *, from_zero: bool) -> _Scale:
    numbers = [_number(value) for _, value in points]
    low, high = min(numbers), max(numbers)
    if from_zero:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    return _Scale(ticks(low, high, grain=_grain(points[0][1])), height)


def _frame(points: Points, shares: list[Decimal], scale: _Scale, unit: Unit) -> Frame:
    ordered = sorted((value for _, value in points), key=_number)
    is_right = direction() == "rtl"
    return Frame(
        height=scale.height,
        base=_short(scale.zero),
        inner="0" if is_right else _short(_SCALE),
        inner_width=_short(100 - _SCALE),
        grid=scale.marks(is_right=is_right, kind=points[0][1]),
        days=_days(points, shares, scale.height),
        rows=_rows(points, shares, unit),
        count=len(points),
        first=formats.format_date(points[0][0], "date"),
        last=formats.format_date(points[-1][0], "date"),
        low=_words(ordered[0], unit),
        high=_words(ordered[-1], unit),
        latest=_words(points[-1][1], unit),
    )


def _days(points: Points, shares: list[Decimal], height: int) -> list[Mark]:
    """Return the first, the middle and the last day, as far as they are apart."""
    middle = min(range(len(points)), key=lambda n: abs(shares[n] - (shares[0] + shares[-1]) / 2))
    style = "date" if (points[-1][0] - points[0][0]).days > _LONG else "short"
    chosen = sorted({0, middle, len(points) - 1})
    anchors = {0: "start", len(points) - 1: "end"} if len(points) > 6 else {}
    return [
        Mark(
            _place(shares[n]),
            str(height - 8),
            formats.format_date(points[n][0], style),
            anchors.get(n, "middle"),
        )
        for n in chosen
    ]


def _rows(points: Points, shares: list[Decimal], unit: Unit) -> list[Row]:
    """Return at most so many values as a table can hold, evenly chosen, the last one always."""
    most = min(len(points), _MOST_ROWS)
    steps = max(1, most - 1)
    chosen = sorted({round(Decimal(n * (len(points) - 1)) / steps) for n in range(most)})
    edges = [(shares[a] + shares[b]) / 2 for a, b in pairwise(chosen)]
    starts, ends = [Decimal(0), *edges], [*edges, Decimal(1)]
    return [
        Row(
            _place(start),
            _short((end - start) * (100 - _SCALE)),
            formats.format_date(points[n][0], "date"),
            _words(points[n][1], unit),
        )
        for n, start, end in zip(chosen, starts, ends, strict=True)
    ]


def _brief(figure: Decimal) -> str:
    """Return 20K, 2万; languages that have no short word for it write the figure out."""
    words = formats.format_compact(figure)
    return words if any(sign.isalpha() for sign in words) else formats.format_number(figure)


def _number(value: Value) -> Decimal:
    return value.amount if isinstance(value, Money) else Decimal(value)


def _grain(value: Value) -> Decimal:
    if isinstance(value, Money):
        return Decimal(1).scaleb(-exponent(value.currency))
    return Decimal(1) if isinstance(value, int) else Decimal(0)


def _words(value: Value, unit: Unit) -> str:
    if isinstance(value, Money):
        return formats.format_money(value)
    return formats.format_rate(Decimal(value)) if unit == "rate" else formats.format_number(value)


def _place(share: Decimal) -> str:
    """Return a share of the inner drawing in percent of the whole."""
    is_right = direction() == "rtl"
    return _short((Decimal(0) if is_right else _SCALE) + share * (100 - _SCALE))


def _short(number: Decimal) -> str:
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


GLOBALS: dict[str, Callable[..., object]] = {"plot_line": plot_line, "plot_bars": plot_bars}
