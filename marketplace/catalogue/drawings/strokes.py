"""The draughtsman's hand: choices from a seed, curves, bodies turned on a wheel, patterns on them.

The sheet is 400 × 400; goods stand on the table at y = 320 around x = 200. Whole numbers only.
Classes of the strokes: b body, a accent, w white part, k ink line, h hatched shade, l light.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

TABLE = 320
MIDDLE = 200
Point = tuple[int, int]


class Hand:
    """Chooses the same way for the same seed. Shape: choices are whole numbers, both ends in."""

    def __init__(self, seed: str) -> None:
        self._bytes = hashlib.blake2b(seed.encode(), digest_size=32).digest()
        self._place = 0

    def pick(self, low: int, high: int) -> int:
        """Return the next choice."""
        byte = self._bytes[self._place % len(self._bytes)]
        self._place += 1
        return low + byte * (high - low + 1) // 256


def path(kind: str, line: str) -> str:
    """Return a stroke of one kind."""
    return f'<path class="{kind}" d="{line}"/>'


def body(line: str) -> str:
    """Return the body that patterns are painted on; one of them in a drawing."""
    return f'<path id="b" class="b" d="{line}"/>'


def circle(kind: str, x: int, y: int, r: int) -> str:
    """Return a circle of one kind."""
    return f'<circle class="{kind}" cx="{x}" cy="{y}" r="{r}"/>'


def oval(kind: str, x: int, y: int, rx: int, ry: int) -> str:
    """Return an oval of one kind."""
    return f'<ellipse class="{kind}" cx="{x}" cy="{y}" rx="{rx}" ry="{ry}"/>'


def box(left: int, top: int, wide: int, high: int, round_: int = 6) -> str:
    """Return the line of a box with round corners."""
    r = min(round_, wide // 2, high // 2)
    return (
        f"M{left + r} {top}h{wide - 2 * r}q{r} 0 {r} {r}v{high - 2 * r}q0 {r} {-r} {r}"
        f"h{2 * r - wide}q{-r} 0 {-r} {-r}v{2 * r - high}q0 {-r} {r} {-r}z"
    )


def curve(points: Sequence[Point]) -> str:
    """Return a smooth line through points, without its first one; a point named twice is sharp."""
    ends = [points[0], *points, points[-1]]
    parts = []
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        if start == end:
            continue
        parts.append(
            f"C{start[0] + (end[0] - before[0]) // 6} {start[1] + (end[1] - before[1]) // 6}"
            f" {end[0] - (after[0] - start[0]) // 6} {end[1] - (after[1] - start[1]) // 6}"
            f" {end[0]} {end[1]}"
        )
    return "".join(parts)


def turned(profile: Sequence[Point], *, x: int = MIDDLE, main: bool = True) -> str:
    """Return a body turned on a wheel, with its shade. Shape: profile is (y, radius), top first."""
    right = [(x + r, y) for y, r in profile]
    left = [(x - r, y) for y, r in reversed(profile)]
    inner = [(x + r * 45 // 100, y) for y, r in reversed(profile)]
    line = f"M{right[0][0]} {right[0][1]}{curve(right)}L{left[0][0]} {left[0][1]}{curve(left)}z"
    shade = f"M{right[0][0]} {right[0][1]}{curve(right)}L{inner[0][0]} {inner[0][1]}{curve(inner)}z"
    return (body(line) if main else path("b", line)) + path("h", shade)


def painted(hand: Hand, top: int, bottom: int) -> str:
    """Return a pattern on the body: bands, dots, leaves, strokes, or the bare glaze."""
    middle = (top + bottom) // 2
    kind = hand.pick(0, 5)
    if kind == 0:
        lines = f"M40 {middle - 14}q160 34 320 0M40 {middle + 14}q160 34 320 0"
        return _on_body(path("p", lines))
    if kind == 1:
        return _on_body(path("q", f"M40 {middle}q160 40 320 0V400H40z"))
    if kind == 2:
        dots = "".join(f"M{x} {middle + (x % 3) * 8 - 4}h1" for x in range(72, 340, 26))
        return _on_body(path("d", dots))
    if kind == 3:
        leaves = "".join(
            f"M{x} {middle}q10-22 26-14q-4 18-26 14q-4 22-22 20q2-18 22-20z"
            for x in range(84, 340, 58)
        )
        return _on_body(path("f", leaves) + path("p", f"M40 {middle}q160 10 320 0"))
    if kind == 4:
        strokes = "".join(f"M{x} {top}V{bottom}" for x in range(70, 340, 22))
        return _on_body(path("n", strokes))
    return ""


def woven(hand: Hand, box_: tuple[int, int, int, int]) -> str:
    """Return a weave on flat goods: stripes, checks, dots, zigzag, or plain."""
    left, top, right, bottom = box_
    kind, step = hand.pick(0, 4), hand.pick(20, 34)
    if kind == 0:
        return _on_body(
            path("p", "".join(f"M{left} {y}H{right}" for y in range(top + step, bottom, step)))
        )
    if kind == 1:
        across = "".join(f"M{left} {y}H{right}" for y in range(top + step, bottom, step))
        along = "".join(f"M{x} {top}V{bottom}" for x in range(left + step, right, step))
        return _on_body(path("n", across + along))
    if kind == 2:
        dots = "".join(
            f"M{x} {y}h1" for x in range(left + 18, right, 34) for y in range(top + 18, bottom, 34)
        )
        return _on_body(path("d", dots[:700]))
    if kind == 3:
        row = "l14-12l14 12" * ((right - left) // 28 + 1)
        rows = range(top + step, bottom, step + 14)
        return _on_body("".join(path("p", f"M{left} {y}{row}") for y in rows))
    return ""


def _on_body(parts: str) -> str:
    return f'<clipPath id="c"><use href="#b"/></clipPath><g clip-path="url(#c)">{parts}</g>'
