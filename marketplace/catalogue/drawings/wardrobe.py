"""Shapes to wear and to carry."""

from __future__ import annotations

from marketplace.catalogue.drawings.strokes import TABLE, Hand, body, box, circle, oval, path, woven


def shirt(hand: Hand) -> str:
    """A shirt on its own, front side."""
    sleeve = hand.pick(150, 220)
    line = (
        f"M158 96L98 122L70 {sleeve}l38 16l18-30V{TABLE - 4}H274V{sleeve - 14}l18 30l38-16"
        f"L302 122L242 96q-42 34-84 0z"
    )
    return (
        body(line)
        + woven(hand, (70, 90, 330, TABLE))
        + path("h", f"M236 130V{TABLE - 4}H274V160z")
        + path("a", "M158 96q42 34 84 0l-10-8q-32 20-64 0z")
    )


def dress(hand: Hand) -> str:
    """A dress with a waist."""
    hem = hand.pick(84, 112)
    line = f"M160 84l10 62q-6 26-14 40L{200 - hem} {TABLE}H{200 + hem}L244 186q-8-14-14-40l10-62l-16-4q-24 36-48 0z"
    return (
        body(line)
        + woven(hand, (90, 150, 310, TABLE))
        + path("h", f"M226 190L238 {TABLE}H{200 + hem}L244 186z")
        + path("a", "M154 180h92v14h-92z")
    )


def hat(hand: Hand) -> str:
    """A knitted cap or a hat with a brim."""
    if hand.pick(0, 1):
        line = f"M112 {TABLE - 24}q-6-140 88-150q94 10 88 150z"
        return (
            body(line)
            + woven(hand, (100, 140, 300, 300))
            + path("h", f"M226 {TABLE - 24}q12-90-6-146q74 22 68 146z")
            + path("a", box(104, TABLE - 52, 192, 50, 14))
            + circle("w", 200, 138, 26)
        )
    return (
        oval("b", 200, TABLE - 26, 142, 26)
        + body(f"M126 {TABLE - 36}q-4-104 40-112q34 18 68 0q44 8 40 112q-74 26-148 0z")
        + path("h", f"M226 {TABLE - 26}q14-70 0-118q50-2 48 108q-20 8-48 10z")
        + path("a", f"M126 {TABLE - 60}q74 24 148 0v26q-74 24-148 0z")
    )


def scarf(hand: Hand) -> str:
    """A folded scarf with a fringe."""
    top = hand.pick(150, 176)
    line = box(96, top, 208, TABLE - top - 34, 18)
    fringe = "".join(f"M{x} {TABLE - 36}v30" for x in range(112, 300, 12))
    return (
        path("k", fringe)
        + body(line)
        + woven(hand, (96, top, 304, TABLE - 34))
        + path("h", box(250, top + 4, 50, TABLE - top - 42, 14))
        + path("a", f"M96 {top + 46}q104 30 208 0v30q-104 30-208 0z")
    )


def textile(hand: Hand) -> str:
    """Folded cloths, one on another."""
    first, second = hand.pick(54, 66), hand.pick(40, 54)
    middle = TABLE - first
    return (
        body(box(92, middle - second - 46, 216, TABLE - middle + second + 46, 20))
        + woven(hand, (92, middle - second - 46, 308, middle - second))
        + path("a", box(92, middle - second, 216, second, 18))
        + path("b", box(86, middle, 228, first, 20))
        + path("h", box(262, middle + 6, 46, first - 12, 16))
        + path("h", box(262, middle - second + 4, 40, second - 8, 14))
        + path("k", f"M102 {middle + first // 2}h150M108 {middle - second // 2}h140")
    )


def cushion(hand: Hand) -> str:
    """Two cushions, one leaning on the other."""
    y = hand.pick(132, 148)
    line = f"M92 {y}q92-16 168 0q16 84 0 {TABLE - y}q-84 14-168 0q-16-84 0-{TABLE - y}z"
    return (
        path("a", f"M168 {y - 18}q80-14 152 4q12 84-6 {TABLE - y + 10}q-80 8-146-6z")
        + body(line)
        + woven(hand, (80, y, 276, TABLE))
        + path("h", f"M226 {y - 8}q22 84 4 {TABLE - y + 12}l30-4q16-84 0-{TABLE - y}z")
        + path("k", f"M92 {y}l-10-10M260 {y}l8-10M92 {TABLE}l-10 6M260 {TABLE}l10 6")
    )


def belt(hand: Hand) -> str:
    """A belt, rolled up."""
    y = TABLE - 88
    wide = hand.pick(16, 26)
    return (
        circle("b", 190, y, 86)
        + circle("k", 190, y, 86 - wide)
        + circle("h", 190, y, 86)
        + circle("a", 190, y, 84 - wide)
        + circle("k", 190, y, 80 - 2 * wide)
        + circle("g", 190, y, 72 - 2 * wide)
        + body(box(190, TABLE - 34, 150, 32, 8))
        + path("m", box(306, TABLE - 42, 46, 48, 8) + box(318, TABLE - 32, 22, 28, 3))
        + path("k", f"M214 {TABLE - 18}h4M238 {TABLE - 18}h4M262 {TABLE - 18}h4")
    )


def glasses(hand: Hand) -> str:
    """Spectacles, folded open."""
    y, r = TABLE - 66, hand.pick(46, 58)
    corner = hand.pick(22, r)
    lens = [
        box(194 - 2 * r - 12, y - r, 2 * r, 2 * r - 10, corner),
        box(218, y - r, 2 * r, 2 * r - 10, corner),
    ]
    return (
        path("t", f"M{184 - 2 * r} {y - r + 20}l-8-60M{216 + 2 * r} {y - r + 20}l8-60")
        + path("b", lens[0] + lens[1])
        + path("t", f"M182 {y - 14}q18-16 36 0")
        + path("h", box(230, y - r + 12, 2 * r - 24, 2 * r - 34, corner))
        + path("l", f"M{202 - 2 * r} {y + 4}l26-34M{236} {y + 4}l26-34")
    )


def umbrella(hand: Hand) -> str:
    """An open umbrella with its crook."""
    y = hand.pick(176, 196)
    return (
        path("t", f"M200 {y - 90}V{TABLE - 30}q0 24 24 24t24-24")
        + body(
            f"M60 {y}Q72 74 200 70T340 {y}q-24-20-48 0q-22-20-46 0q-22-20-46 0q-24-20-46 0q-24-20-46 0q-22-20-48 0z"
        )
        + path("n", f"M200 70Q150 110 154 {y}M200 70Q250 110 246 {y}M200 70V{y}")
        + path("h", f"M200 70Q262 110 246 {y}q24-20 46 0q24-20 48 0Q328 74 200 70z")
        + path("k", "M200 70v-16")
    )


def wallet(hand: Hand) -> str:
    """A wallet, half open."""
    top = hand.pick(186, 206)
    return (
        path("a", box(112, top - 26, 180, TABLE - top, 12))
        + path("w", box(132, top - 40, 140, 40, 6))
        + body(box(96, top, 208, TABLE - top, 14))
        + path("n", box(106, top + 10, 188, TABLE - top - 20, 8))
        + path("h", box(250, top + 4, 50, TABLE - top - 8, 12))
        + circle("m", 200, top + hand.pick(44, 64), 10)
    )


def bag(hand: Hand) -> str:
    """A bag to carry in the hand, with flap or open."""
    top, wide = hand.pick(166, 190), hand.pick(86, 106)
    flap = ""
    if hand.pick(0, 1):
        flap = path(
            "a", f"M{198 - wide} {top}h{2 * wide + 4}v40q-{wide} 50-{2 * wide + 4} 0z"
        ) + circle("m", 200, top + 60, 9)
    return (
        path("t", f"M{240 - wide} {top}Q{244 - wide} 84 200 84T{160 + wide} {top}")
        + body(
            f"M{200 - wide} {top}L{186 - wide} {TABLE - 8}q0 8 8 8h{2 * wide + 12}q8 0 8-8L{200 + wide} {top}z"
        )
        + woven(hand, (80, top + 60, 320, TABLE))
        + path("h", f"M{200 + wide // 2} {top}l8 {TABLE - top}h{wide // 2 - 4}L{200 + wide} {top}z")
        + flap
    )


def backpack(hand: Hand) -> str:
    """A backpack with a pocket."""
    top = hand.pick(104, 122)
    return (
        path("t", f"M176 {top}q0-26 24-26t24 26M118 190q-30 50-14 110M282 190q30 50 14 110")
        + body(
            f"M120 {TABLE - 20}V{top + 70}Q124 {top} 200 {top}T280 {top + 70}V{TABLE - 20}q0 20-24 20H144q-24 0-24-20z"
        )
        + path("h", f"M240 {TABLE}V{top + 10}q40 16 40 60V{TABLE - 20}q0 20-24 20z")
        + path("a", box(142, 226, 116, 84, 16))
        + path("n", "M142 254h116")
        + path("a", f"M122 {top + 60}q78-30 156 0v28q-78-26-156 0z")
        + circle("m", 200, 254, 7)
    )


def suitcase(hand: Hand) -> str:
    """A case on wheels."""
    top = hand.pick(120, 140)
    ribs = "".join(f"M{x} {top + 10}V{TABLE - 26}" for x in range(146, 270, hand.pick(18, 27)))
    return (
        path("t", f"M168 {top}V70h64V{top}")
        + circle("k", 144, TABLE - 8, 8)
        + circle("k", 256, TABLE - 8, 8)
        + body(box(116, top, 168, TABLE - top - 16, 26))
        + path("n", ribs)
        + path("h", box(236, top + 4, 44, TABLE - top - 24, 20))
        + path("a", box(180, top + 70, 40, 16, 6))
    )


def ring(hand: Hand) -> str:
    """A ring with its stone."""
    r = hand.pick(62, 74)
    y = TABLE - r - 6
    top = y - r
    return (
        circle("m", 200, y, r)
        + circle("g", 200, y, r - 16)
        + circle("k", 200, y, r - 16)
        + body(f"M160 {top - 34}l18-20h44l18 20l-40 44z")
        + path("n", f"M160 {top - 34}h80M182 {top - 34}l18 44l18-44l-10-20M182 {top - 34}l10-20")
        + path("h", f"M218 {top - 34}l22 0l-40 44z")
    )


def necklace(hand: Hand) -> str:
    """A string of beads with a pendant."""
    deep = hand.pick(250, 290)
    beads = "".join(
        circle("b", 200 + s * (96 - n * n * 96 // 81), 92 + n * (deep - 92) // 9, 7 + n // 2)
        for s in (-1, 1)
        for n in range(9)
    )
    return (
        path("k", f"M104 84Q96 {deep} 200 {deep}T296 84")
        + beads
        + (
            circle("a", 200, deep, 24)
            + circle("n", 200, deep, 14)
            + path("l", f"M190 {deep - 8}l8-6")
        )
    )


def watch(hand: Hand) -> str:
    """A watch with its strap."""
    r = hand.pick(62, 74)
    hands = (
        "M200 200v-38M200 200l26 14",
        "M200 200l-22-26M200 200v44",
        "M200 200l30-18M200 200l-16 34",
    )
    return (
        path("b", box(164, 60, 72, 280, 14))
        + path("h", box(208, 64, 26, 272, 10))
        + path("n", "M200 300v4M200 316v4M200 284v4")
        + circle("m", 200, 200, r + 10)
        + circle("w", 200, 200, r)
        + path("k", f"M200 {208 - r}v12M200 {192 + r}v-12M{208 - r} 200h12M{192 + r} 200h-12")
        + path("t", hands[hand.pick(0, 2)])
        + circle("a", 200, 200, 6)
        + path("m", box(r + 210, 192, 14, 16, 4))
    )


def shoe(hand: Hand) -> str:
    """A shoe seen from the side."""
    heel = hand.pick(12, 26)
    return (
        path("w", f"M82 {TABLE - heel}H330q10 0 8 {heel}H84z")
        + body(f"M86 {TABLE - heel}q-10-60 4-110h58q10 34 56 44l66 22q58 4 58 44z")
        + path("h", f"M228 {TABLE - heel}q6-30 34-54q66 4 66 54z")
        + path("k", "M154 214l22 12M172 230l22 10M194 244l20 8")
        + path("a", f"M88 {TABLE - heel - 106}h60l6 22H84z")
    )


def gloves(hand: Hand) -> str:
    """A pair of gloves."""
    tip = hand.pick(96, 112)
    line = (
        f"M120 {TABLE - 10}V{tip + 110}q-44-30-34-46q16-16 40 14V{tip + 10}q10-22 22 0l4-16q14-18 24 0"
        f"l4 12q14-14 22 4l2 20q16-10 20 8V{TABLE - 10}z"
    )
    return (
        f'<g transform="translate(66 -8)">{path("a", line)}</g>'
        + body(line)
        + path("h", f"M188 {TABLE - 10}V{tip + 30}q30-30 34 8V{TABLE - 10}z")
        + path("w", box(112, TABLE - 40, 116, 38, 8))
        + path("n", f"M150 {tip + 44}v56M176 {tip + 44}v56M200 {tip + 50}v50")
    )


def earrings(hand: Hand) -> str:
    """A pair of earrings on their stand: hoops or drops."""
    r = hand.pick(32, 40)
    hang = circle if hand.pick(0, 1) else None
    pair = "".join(
        path("k", f"M{x} 128v20")
        + (
            hang("m", x, 150 + r, r) + hang("o", x, 150 + r, r - 9) + hang("k", x, 150 + r, r - 9)
            if hang
            else path("b", f"M{x} 148q-44 76 0 88q44-12 0-88z")
            + path("h", f"M{x} 148q10 60 0 88q44-12 0-88z")
        )
        for x in (132, 268)
    )
    return (
        path("t", f"M90 128H310M200 128V{TABLE - 10}")
        + path("a", box(140, TABLE - 18, 120, 18, 6))
        + pair
        + circle("a", 132, 132, 7)
        + circle("a", 268, 132, 7)
    )


def bangle(hand: Hand) -> str:
    """A bangle, standing, with its stones."""
    r = hand.pick(84, 96)
    y = TABLE - r - 2
    stones = "".join(
        circle("a", 200 + dx * (r - 10) // 100, y + dy * (r - 10) // 100, 7)
        for dx, dy in (
            (0, -100),
            (38, -92),
            (-38, -92),
            (71, -71),
            (-71, -71),
            (92, -38),
            (-92, -38),
        )
    )
    return (
        circle("b", 200, y, r)
        + circle("h", 200, y, r)
        + circle("o", 200, y, r - 20)
        + circle("k", 200, y, r - 20)
        + stones
    )


def socks(hand: Hand) -> str:
    """A pair of socks."""
    top = hand.pick(92, 112)
    line = f"M150 {top}h62V236l66 40q22 22-8 {TABLE - 282}H196q-46-4-46-54z"
    return (
        f'<g transform="translate(-44 -8)">{path("a", line)}</g>'
        + body(line)
        + woven(hand, (140, top + 40, 300, TABLE))
        + path("h", f"M188 {top}h24V236l66 40q22 22-8 {TABLE - 282}H240q-52-20-52-80z")
        + path("w", box(144, top - 8, 74, 36, 8))
    )
