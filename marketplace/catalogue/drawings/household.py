"""Shapes of the house, the desk, the workshop and of play."""

from __future__ import annotations

from marketplace.catalogue.drawings.strokes import (
    TABLE,
    Hand,
    body,
    box,
    circle,
    oval,
    painted,
    path,
    turned,
    woven,
)


def chair(hand: Hand) -> str:
    """A chair from the front, its back turned or slatted."""
    seat, back = hand.pick(208, 224), hand.pick(84, 104)
    slats = "".join(f"M{x} {back + 14}V{seat}" for x in range(158, 246, hand.pick(16, 28)))
    return (
        path("t", f"M150 {seat}L140 {TABLE + 6}M250 {seat}L260 {TABLE + 6}M146 {seat + 62}h108")
        + path("k", slats)
        + path("t", f"M148 {seat}V{back}M252 {seat}V{back}")
        + path("a", f"M140 {back - 6}q60-26 120 0v30q-60-22-120 0z")
        + body(f"M132 {seat - 8}q68-16 136 0l8 24q-76 12-152 0z")
        + path("h", f"M222 {seat - 13}l46 5l8 24l-50 5z")
    )


def clock(hand: Hand) -> str:
    """A round clock on its feet."""
    r = hand.pick(84, 100)
    y = TABLE - r - 14
    marks = "".join(
        f"M{200 + dx * (r - 26) // 100} {y + dy * (r - 26) // 100}h1"
        for dx, dy in (
            (0, -100),
            (50, -87),
            (87, -50),
            (100, 0),
            (87, 50),
            (50, 87),
            (0, 100),
            (-50, 87),
            (-87, 50),
            (-100, 0),
            (-87, -50),
            (-50, -87),
        )
    )
    hands = (
        f"M200 {y}v-44M200 {y}l32 16",
        f"M200 {y}l-24-28M200 {y}l36-34",
        f"M200 {y}l30-22M200 {y}v50",
    )
    return (
        path(
            "t",
            f"M{210 - r} {y + r - 30}L{190 - r + 6} {TABLE}M{190 + r} {y + r - 30}L{204 + r} {TABLE}",
        )
        + circle("b", 200, y, r)
        + circle("h", 200, y, r)
        + circle("w", 200, y, r - 14)
        + path("d", marks)
        + path("t", hands[hand.pick(0, 2)])
        + circle("a", 200, y, 7)
    )


def frame(hand: Hand) -> str:
    """A framed picture of hills, or a mirror."""
    left, top = hand.pick(104, 124), hand.pick(70, 90)
    wide, high = 400 - 2 * left, TABLE - top
    sun = hand.pick(182, 222)
    return (
        body(box(left, top, wide, high, 4))
        + path("h", box(left + wide - 18, top + 4, 14, high - 8, 2))
        + path("w", box(left + 18, top + 18, wide - 36, high - 36, 2))
        + circle("y", sun, top + 82, 22)
        + path(
            "f",
            f"M{left + 34} {TABLE - 60}q40-70 {wide // 2 - 40}-20q30-50 {wide // 2 - 28} 20v26H{left + 34}z",
        )
        + path("n", box(left + 34, top + 34, wide - 68, high - 68, 1))
    )


def basket(hand: Hand) -> str:
    """A woven basket with a bow."""
    r, top = hand.pick(92, 110), hand.pick(206, 224)
    rows = "".join(f"M60 {y}" + "q10-9 20 0t20 0" * 7 for y in range(top + 18, TABLE, 17))
    return (
        path("t", f"M{214 - r} {top}Q{210 - r} 88 200 88T{186 + r} {top}")
        + turned([(top, r), (top, r), (TABLE - 20, r - 16), (TABLE, r - 24), (TABLE, r - 24)])
        + f'<clipPath id="c"><use href="#b"/></clipPath><g clip-path="url(#c)">{path("n", rows)}</g>'
        + path("a", box(194 - r, top - 8, 2 * r + 12, 18, 9))
    )


def plant(hand: Hand) -> str:
    """A plant in its pot."""
    r, top = hand.pick(54, 68), 232
    leaves = "".join(
        path(
            "f",
            f"M200 {top}Q{200 + s * a} {top - 60} {200 + s * b} {top - c}Q{200 + s * a // 3} {top - c // 2} 200 {top}z",
        )
        for s, a, b, c in (
            (1, 96, 90, 120),
            (-1, 96, 96, 104),
            (1, 40, 44, 160),
            (-1, 44, 36, 150),
            (1, 120, 128, 56 + hand.pick(0, 20)),
            (-1, 120, 124, 50 + hand.pick(0, 20)),
        )
    )
    return (
        leaves
        + turned([(top, r), (top, r), (TABLE, r * 7 // 10), (TABLE, r * 7 // 10)])
        + painted(hand, top + 16, TABLE)
        + path("a", box(194 - r, top - 6, 2 * r + 12, 24, 6))
    )


def knife(hand: Hand) -> str:
    """A knife on its board."""
    tip = hand.pick(70, 96)
    return (
        body(box(108, 104, 184, TABLE - 100, 22))
        + path("n", "M140 130q-10 80 4 160M180 128q8 80-4 170M262 130q-8 90 2 160")
        + path("h", box(246, 110, 40, TABLE - 112, 18))
        + circle("g", 270, 128, 8)
        + path("w", f"M196 222V{tip}q44 50 36 152z")
        + path("a", box(194, 222, 36, 96, 10))
        + path("d", "M212 246h1M212 270h1M212 294h1")
    )


def cutlery(hand: Hand) -> str:
    """Fork, knife and spoon."""
    top = hand.pick(84, 100)
    return (
        path("a", box(96, top - 14, 208, TABLE - top + 30, 12))
        + path("n", box(106, top - 4, 188, TABLE - top + 10, 8))
        + path(
            "m",
            f"M126 {top + 10}v54q0 18 12 20v{TABLE - top - 96}h12v-{TABLE - top - 96}q12-2 12-20v-54h-6v44h-8v-44h-4v44h-8v-44z",
        )
        + path("m", f"M192 {TABLE - 12}V{top + 10}q24 30 18 110h-6v{TABLE - top - 132}z")
        + oval("m", 254, top + 42, 19, 32)
        + path("m", box(248, top + 72, 12, TABLE - top - 84, 4))
    )


def book(hand: Hand) -> str:
    """Notebooks, one leaning, one lying."""
    top = hand.pick(100, 120)
    return (
        path("a", box(92, TABLE - 36, 200, 36, 5))
        + path("w", box(100, TABLE - 28, 196, 20, 2))
        + body(box(120, top, 150, TABLE - 36 - top, 6))
        + woven(hand, (120, top, 270, TABLE - 36))
        + path("a", f"M120 {top}h18v{TABLE - 36 - top}h-18z")
        + path("w", box(166, top + 34, 76, 44, 3))
        + path("k", f"M178 {top + 50}h52M178 {top + 62}h34")
        + path("t", f"M252 {top}v{TABLE - 36 - top}")
    )


def pen(hand: Hand) -> str:
    """A pen and its ink."""
    turn = hand.pick(24, 40)
    nib = '<path class="m" d="M190 284h20l-10 36z"/>'
    return (
        turned(
            [(TABLE - 62, 30), (TABLE - 62, 30), (TABLE - 46, 44), (TABLE, 44), (TABLE, 44)],
            x=286,
            main=False,
        )
        + path("a", box(262, TABLE - 90, 48, 32, 5))
        + f'<g transform="rotate({turn} 200 300)">{nib}{body(box(188, 150, 24, 136, 8))}'
        + path("h", box(201, 152, 10, 130, 4))
        + path("a", box(185, 60, 30, 100, 12))
        + path("m", box(208, 70, 8, 62, 3))
        + "</g>"
    )


def brush(hand: Hand) -> str:
    """Brushes in a cup."""
    r, top = hand.pick(44, 56), 226
    tools = "".join(
        f'<g transform="rotate({a} 200 {TABLE})">{path("a", box(194, 120, 12, 130, 5))}'
        f"{path('m', box(191, 106, 18, 22, 2))}{path('f', f'M190 108q-10-40 10-{n}q20 {n - 40} 10 40z')}</g>"
        for a, n in ((-17, 58), (2, hand.pick(60, 74)), (18, 52))
    )
    return (
        tools
        + turned([(top, r), (top, r), (TABLE, r - 6), (TABLE, r - 6)])
        + painted(hand, top + 10, TABLE)
    )


def headphones(hand: Hand) -> str:
    """Headphones, seen from the front."""
    y, r = 236, hand.pick(88, 100)
    cup = hand.pick(34, 42)
    return (
        path("u", f"M{200 - r} {y}V190A{r} {r} 0 0 1 {200 + r} 190V{y}")
        + body(
            box(186 - r - cup // 2, y - 46, cup + 14, 118, 22)
            + box(200 + r - cup // 2, y - 46, cup + 14, 118, 22)
        )
        + path("h", box(206 + r, y - 40, 22, 106, 14))
        + path(
            "a",
            box(200 - r + cup // 2, y - 38, 20, 102, 10)
            + box(180 + r - cup // 2, y - 38, 20, 102, 10),
        )
    )


def speaker(hand: Hand) -> str:
    """A loudspeaker behind its cloth."""
    half, top = hand.pick(70, 96), hand.pick(120, 170)
    middle = (top + TABLE) // 2
    r = min(half, TABLE - top >> 1) - 18
    return (
        body(box(200 - half, top, 2 * half, TABLE - top, hand.pick(10, 40)))
        + path("h", box(200 + half - 34, top + 6, 28, TABLE - top - 12, 14))
        + circle("a", 200, middle, r)
        + circle("n", 200, middle, r - 14)
        + circle("n", 200, middle, r - 28)
        + circle("k", 200, middle, 12)
    )


def phone(hand: Hand) -> str:
    """A telephone with a calm screen."""
    left = hand.pick(132, 144)
    wide = 400 - 2 * left
    return (
        path("a", box(left + 22, 88, wide, 226, 22))
        + body(box(left, 80, wide, TABLE - 76, 24))
        + path("w", box(left + 10, 92, wide - 20, TABLE - 100, 14))
        + circle("y", 200 + hand.pick(-20, 20), 160, 26)
        + path(
            "f",
            f"M{left + 10} 250q40-60 {wide // 2 - 10}-6q30-40 {wide // 2 - 10} 16v38q0 14-14 14H{left + 24}q-14 0-14-14z",
        )
        + path("k", f"M188 {TABLE - 18}h24")
    )


def charger(hand: Hand) -> str:
    """A power supply with a coiled cable."""
    r = hand.pick(40, 52)
    return (
        path(
            "t",
            f"M210 250h40q60 0 60-{r}a{r} {r} 0 1 0-{2 * r} 0q0 60 {r} 60q70 0 60 {TABLE - 320 + r}",
        )
        + path("m", "M122 178v-28M152 178v-28")
        + body(box(92, 178, 122, TABLE - 178, 20))
        + path("h", box(174, 184, 34, TABLE - 192, 14))
        + path("w", box(112, 216, 44, 16, 8) + box(112, 246, 44, 16, 8))
        + path("a", box(196, 240, 24, 22, 4))
    )


def keyboard(hand: Hand) -> str:
    """A keyboard seen from above."""
    top = hand.pick(170, 186)
    rows = "".join(f"M66 {y}H334" for y in (top + 24, top + 50, top + 76))
    return (
        body(box(50, top, 300, 118, 16))
        + f'<path style="stroke-linecap:butt" stroke="#fbf8f0" stroke-width="20" stroke-dasharray="18 7" d="{rows}"/>'
        + path("a", box(66, top + 14, 18, 20, 4) + box(310, top + 66, 24, 20, 4))
        + path("a", box(126, top + 92, 148, 16, 5))
        + path("h", box(316, top + 4, 30, 110, 12))
    )


def camera(hand: Hand) -> str:
    """A camera with its lens."""
    top, r = hand.pick(176, 190), hand.pick(46, 54)
    y = (top + TABLE) // 2 + 6
    return (
        path("m", f"M158 {top}l14-30h56l14 30z")
        + path("a", box(92, top - 14, 44, 18, 4) + box(270, top - 10, 30, 14, 4))
        + body(box(76, top, 248, TABLE - top, 18))
        + path("m", f"M76 {top + 26}v-8q0-18 18-18h212q18 0 18 18v8z")
        + path("h", box(276, top + 30, 44, TABLE - top - 36, 12))
        + circle("w", 200, y, r)
        + circle("b", 200, y, r - 10)
        + circle("h", 200, y, r - 10)
        + circle("k", 200, y, r - 24)
        + circle("l", 190, y - 10, 5)
    )


def toy(hand: Hand) -> str:
    """A wooden car."""
    r = hand.pick(26, 32)
    y = TABLE - r
    return (
        body(
            f"M70 {y}V{y - 44}q0-12 14-14l40-4l36-50q6-8 18-8h74q14 0 18 14l14 44l32 6q14 2 14 18V{y}z"
        )
        + path("w", f"M150 {y - 66}l26-36h26v36zM216 {y - 102}h34l12 36h-46z")
        + path("h", f"M262 {y}l2-56l52 2q14 2 14 18V{y}z")
        + "".join(circle("a", x, y, r) + circle("w", x, y, r - 16) for x in (128, 272))
        + path("y", f"M74 {y - 34}h18v16h-22z")
    )


def game(hand: Hand) -> str:
    """A pawn and a die."""
    r = hand.pick(24, 30)
    pips = "".join(
        circle("a", x, y, 6) for x, y in ((252, 248), (286, 282), (269, 265))[: hand.pick(2, 3)]
    )
    return (
        path("w", box(236, 232, 68, TABLE - 232, 12))
        + pips
        + circle("b", 150, 146, r)
        + circle("h", 150, 146, r)
        + turned(
            [(168, 14), (168, 34), (184, 20), (270, 30), (292, 54), (TABLE, 58), (TABLE, 58)], x=150
        )
        + path("a", box(112, 172, 76, 14, 7))
    )


def guitar(hand: Hand) -> str:
    """A string instrument, upright."""
    low, high = hand.pick(62, 72), hand.pick(44, 54)
    line = (
        f"M{200 - high} 196q-2-30 {high}-34q{high + 2} 4 {high} 34q-2 20-10 30q{low - high + 16} 14 {low - high + 12} 46"
        f"q-4 50-{low + 2} 50t-{low + 2}-50q-4-32 {low - high + 12}-46q-8-10-10-30z"
    )
    return (
        path("a", box(190, 62, 20, 150, 4))
        + path("a", box(184, 40, 32, 40, 6))
        + body(line)
        + path(
            "h",
            f"M222 168q28 10 22 34q-4 20-8 24q{low - high + 14} 20 10 60q-8 30-40 36q40-70 16-154z",
        )
        + circle("k", 200, 232, 19)
        + circle("n", 200, 232, 25)
        + path("m", box(178, 286, 44, 9, 3))
        + path("k", "M196 60V288M204 60V288")
        + path("d", "M180 50h1M180 66h1M220 50h1M220 66h1")
    )


def drum(hand: Hand) -> str:
    """A drum with its cords."""
    r, waist, top = hand.pick(84, 96), hand.pick(44, 88), 140
    cords = "M112 150" + "l22 84l22-84" * 4
    return (
        turned([(top, r), (top, r), (TABLE - 90, waist), (TABLE, waist + 12), (TABLE, waist + 12)])
        + f'<clipPath id="c"><use href="#b"/></clipPath><g clip-path="url(#c)">{path("n", cords)}{path("q", "M80 268q120 24 240 0v30q-120 24-240 0z")}</g>'
        + oval("w", 200, top, r, 20)
        + oval("n", 200, top, r - 12, 13)
        + path("a", f"M{196 - r} {top}q{r + 4} 40 {2 * r + 8} 0v14q-{r + 4} 40-{2 * r + 8} 0z")
    )


def mat(hand: Hand) -> str:
    """A rolled mat with a strap."""
    r = hand.pick(40, 50)
    y = TABLE - r
    return (
        body(f"M96 {y - r}H308v{2 * r}H96z")
        + woven(hand, (96, y - r, 308, y + r))
        + path("h", f"M96 {y + r // 3}H308v{r * 2 // 3}H96z")
        + circle("a", 96, y, r)
        + circle("n", 96, y, r - 12)
        + circle("n", 96, y, r - 24)
        + path("a", f"M190 {y - r}h20v{2 * r}h-20zM270 {y - r}h16v{2 * r}h-16z")
        + path("t", f"M200 {y - r}q40-70 78 0")
    )


def ball(hand: Hand) -> str:
    """A ball with its seams."""
    r = hand.pick(88, 100)
    y = TABLE - r
    return (
        circle("b", 200, y, r)
        + path("a", f"M200 {y - 34}l33 24l-13 38h-40l-13-38z")
        + path(
            "k",
            f"M200 {y - 34}V{y - r}M233 {y - 10}L{200 + r - 8} {y - 34}M220 {y + 28}l30 44M180 {y + 28}l-30 44M167 {y - 10}L{208 - r} {y - 34}",
        )
        + path(
            "h",
            f"M{200 + r // 2} {y - r * 86 // 100}A{r} {r} 0 0 1 {200 + r // 2} {y + r * 86 // 100}Q{200 + r * 9 // 10} {y} {200 + r // 2} {y - r * 86 // 100}z",
        )
        + path("l", f"M{216 - r} {y - 30}q10-26 34-40")
    )


def lantern(hand: Hand) -> str:
    """A lantern for the camp."""
    r = hand.pick(52, 62)
    return (
        path("t", f"M{194 - r} 128Q200 20 {206 + r} 128")
        + path("m", "M170 122l12-28h36l12 28z")
        + body(box(200 - r, TABLE - 58, 2 * r, 58, 12))
        + path("h", box(206 + r // 3, TABLE - 52, r // 2 + 4, 46, 8))
        + path(
            "w",
            f"M{212 - r} {TABLE - 60}Q{184 - r} 190 {214 - r} 130H{186 + r}Q{216 + r} 190 {188 + r} {TABLE - 60}z",
        )
        + path("y", "M200 170q-28 36 0 66q28-30 0-66z")
        + path("a", box(196 - r, 114, 2 * r + 8, 20, 8))
        + path("k", f"M{202 - r} 196h{2 * r - 4}")
    )


def cycle(hand: Hand) -> str:
    """A bicycle."""
    r = hand.pick(56, 64)
    y = TABLE - r
    return (
        "".join(
            circle("k", x, y, r) + circle("n", x, y, r - 10) + circle("a", x, y, 7)
            for x in (112, 288)
        )
        + path(
            "u",
            f"M112 {y}L168 {y - 84}H258L288 {y}M168 {y - 84}L196 {y}L258 {y - 84}M112 {y}H196M168 {y - 84}l-8-24M258 {y - 84}l-6-30",
        )
        + path("t", f"M142 {y - 110}h38M252 {y - 114}h-20q-14 0-12 14")
        + circle("m", 196, y, 12)
    )


def tool(hand: Hand) -> str:
    """A hammer and a spanner, crossed."""
    turn = hand.pick(24, 36)
    return (
        f'<g transform="rotate({turn} 200 220)">'
        + path("a", box(188, 120, 24, 200, 9))
        + body(box(140, 84, 104, 46, 8))
        + path("h", box(140, 108, 104, 20, 6))
        + f'</g><g transform="rotate(-{turn} 200 220)">'
        + path(
            "m",
            "M188 148q-26-14-22-44q2-16 12-24v36l14 12h16l14-12v-36q10 8 12 24q4 30-22 44v140q0 24-12 24t-12-24z",
        )
        + "</g>"
    )


def parcel(hand: Hand) -> str:
    """A parcel with string: goods of every kind."""
    top, half = hand.pick(170, 196), hand.pick(84, 104)
    return (
        body(box(200 - half, top, 2 * half, TABLE - top, 6))
        + path("h", box(200 + half // 2, top + 4, half // 2 - 4, TABLE - top - 8, 4))
        + path("a", box(194 - half, top - 34, 2 * half + 12, 40, 5))
        + path("t", f"M200 {top - 34}V{TABLE}M{200 - half} {(top + TABLE) // 2}h{2 * half}")
        + path("t", f"M200 {top - 36}q-46-44-56-16q0 20 56 16q46-44 56-16q0 20-56 16z")
    )


def tiles(hand: Hand) -> str:
    """A wall of painted tiles: what is drawn when nothing is known of the goods."""
    one = (
        "M0 0h50q0 50-50 50zM100 100h-50q0-50 50-50z",
        "M0 0h100q-10 90-100 100z",
        "M0 50q50 0 50-50q0 50 50 50q-50 0-50 50q0-50-50-50z",
    )[hand.pick(0, 2)]
    turns = [hand.pick(0, 3) * 90 for _ in range(4)]
    parts = []
    for place in range(16):
        x, y = place % 4, place // 4
        turn = turns[(x % 2) * 2 + y % 2]
        parts.append(
            f'<use href="#t" transform="translate({x * 100} {y * 100})rotate({turn} 50 50)"/>'
        )
    tile = f'<g id="t"><path class="q" opacity=".5" d="{one}"/><circle class="b" cx="50" cy="50" r="5"/></g>'
    grid = path("n", "M100 0V400M200 0V400M300 0V400M0 100H400M0 200H400M0 300H400")
    return f"<defs>{tile}</defs>{''.join(parts)}{grid}"
