"""Shapes that come from the wheel, the glassworks and the packing table."""

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
)


def teapot(hand: Hand) -> str:
    """A pot with spout, handle and lid."""
    r, high = hand.pick(72, 90), hand.pick(120, 150)
    top = TABLE - high
    spout = (
        f"M{200 - r + 8} {TABLE - 50}Q{180 - r} {TABLE - 60} {162 - r} {top + 6}l-16-4"
        f"Q{136 - r} {TABLE - 20} {210 - r} {TABLE - 22}z"
    )
    grip = f"M{196 + r} {top + 30}q64-20 58 34q-6 46-62 42"
    return (
        path("t", grip)
        + path("b", spout)
        + turned(
            [
                (top, 40),
                (top, 40),
                (top + high * 4 // 9, r),
                (TABLE - 12, r * 7 // 10),
                (TABLE, r * 6 // 10),
                (TABLE, r * 6 // 10),
            ]
        )
        + painted(hand, top + 20, TABLE)
        + path("a", f"M150 {top + 2}q50-44 100 0z")
        + circle("a", 200, top - 30, hand.pick(9, 13))
    )


def kettle(hand: Hand) -> str:
    """A broad kettle with a bow over it."""
    top = TABLE - hand.pick(112, 132)
    return (
        path("t", f"M128 {top + 14}Q120 {top - 92} 200 {top - 92}T272 {top + 14}")
        + path("b", f"M106 {TABLE - 34}Q70 {TABLE - 40} 62 {top + 8}l18-4q8 48 44 52z")
        + turned([(top, 48), (top, 48), (TABLE - 56, 102), (TABLE, 96), (TABLE, 96)])
        + painted(hand, top + 30, TABLE)
        + path("a", f"M146 {top + 2}q54-26 108 0z")
        + circle("a", 200, top - 20, 10)
    )


def coffeepot(hand: Hand) -> str:
    """A tall pot of facets, waist in the middle."""
    top = TABLE - hand.pick(176, 200)
    waist = TABLE - 84
    lower = f"M150 {waist}L134 {TABLE}H266L250 {waist}z"
    upper = f"M152 {waist}L136 {top + 12}L112 {top + 4}L140 {top}H258L250 {waist}z"
    return (
        path("t", f"M256 {top + 22}h40q8 0 6 12l-10 62")
        + body(lower)
        + path("b", upper)
        + path(
            "h", f"M218 {waist}L226 {TABLE}H266L250 {waist}zM214 {waist}L220 {top}H258L250 {waist}z"
        )
        + path("k", f"M184 {waist}L178 {TABLE}M184 {waist}L182 {top}M146 {waist}h108")
        + path("a", f"M144 {top}q56-34 110 0z")
        + circle("a", 200, top - 24, 9)
    )


def cup(hand: Hand) -> str:
    """A cup or mug with its ear."""
    high, r = hand.pick(104, 140), hand.pick(60, 76)
    top, foot = TABLE - high, hand.pick(60, 96)
    ear = f"M{192 + r} {top + 22}q56-8 50 36q-6 42-58 38"
    return (
        path("t", ear)
        + turned(
            [
                (top, r),
                (top, r),
                (TABLE - high // 3, r * 96 // 100),
                (TABLE, r * foot // 100),
                (TABLE, r * foot // 100),
            ]
        )
        + painted(hand, top + 20, TABLE)
        + oval("w", 200, top, r, 13)
        + oval("e", 200, top + 3, r - 9, 8)
    )


def bowl(hand: Hand) -> str:
    """A bowl on a foot, sometimes two, one in the other."""
    r, high = hand.pick(104, 124), hand.pick(84, 112)
    top = TABLE - high
    back = ""
    if hand.pick(0, 1):
        back = turned(
            [(top - 22, r - 10), (top - 22, r - 10), (top + 20, r - 24), (top + 40, 40)], main=False
        )
    return (
        back
        + turned(
            [
                (top, r),
                (top, r),
                (TABLE - high // 3, r * 7 // 10),
                (TABLE - 12, 44),
                (TABLE, 46),
                (TABLE, 46),
            ]
        )
        + painted(hand, top, TABLE - 10)
        + oval("w", 200, top, r, 16)
        + oval("e", 200, top + 4, r - 10, 10)
    )


def plate(hand: Hand) -> str:
    """Plates leaning on the wall, seen from the front."""
    r = hand.pick(96, 112)
    y = TABLE - r + 4
    ring = hand.pick(14, 30)
    return (
        circle("a", 232, y + 10, r - 10)
        + body(f"M{200 - r} {y}a{r} {r} 0 1 1 0 1z")
        + circle("k", 190, y, r - ring)
        + circle("n", 190, y, r - ring - 12)
        + path(
            "h",
            f"M{190 + r // 2} {y - r + 20}A{r} {r} 0 0 1 {190 + r // 2} {y + r - 20}"
            f"Q{190 + r * 9 // 10} {y} {190 + r // 2} {y - r + 20}z",
        )
    ).replace(
        f"M{200 - r} {y}a{r} {r} 0 1 1 0 1z",
        f"M{190 - r} {y}a{r} {r} 0 1 1 {2 * r} 0a{r} {r} 0 1 1 {-2 * r} 0z",
    )


def pot(hand: Hand) -> str:
    """A casserole with two ears and a lid."""
    r, high = hand.pick(98, 116), hand.pick(84, 110)
    top = TABLE - high
    ears = f"M{196 - r} {top + 20}h-26v18h26M{204 + r} {top + 20}h26v18h-26"
    return (
        path("t", ears)
        + turned([(top, r), (top, r), (TABLE - 20, r), (TABLE, r - 14), (TABLE, r - 14)])
        + path("a", f"M{196 - r} {top}q{r + 4}-58 {2 * r + 8} 0z")
        + path("k", f"M{200 - r} {top + 8}h{2 * r}")
        + circle("w", 200, top - 36, 12)
    )


def vase(hand: Hand) -> str:
    """A vase with a branch."""
    belly, neck, high = hand.pick(52, 86), hand.pick(18, 40), hand.pick(150, 190)
    top = TABLE - high
    shoulder = hand.pick(35, 60)
    bend = hand.pick(-30, 30)
    twig = f"M200 {top + 10}Q{200 + bend} {top - 60} {206 + bend} {top - 96}"
    leaves = "".join(
        f"M{200 + bend * (9 - n) // 12} {top - 92 + n * 22}q{s * 20}-24 {s * 44}-14"
        f"q{s * -10} 24 {s * -44} 14z"
        for n, s in enumerate((1, -1, 1, -1))
    )
    return (
        path("k", twig)
        + path("f", leaves)
        + turned(
            [
                (top, neck + 8),
                (top, neck + 8),
                (top + 18, neck),
                (top + high * shoulder // 100, belly),
                (TABLE - 10, belly * 6 // 10),
                (TABLE, belly * 6 // 10),
                (TABLE, belly * 6 // 10),
            ]
        )
        + painted(hand, top + 50, TABLE)
    )


def jar(hand: Hand) -> str:
    """A glass jar with a lid and a label."""
    r, high = hand.pick(58, 74), hand.pick(120, 158)
    top, label = TABLE - high, hand.pick(44, 60)
    return (
        turned(
            [
                (top, r - 14),
                (top + 6, r - 12),
                (top + 24, r),
                (top + 24, r),
                (TABLE - 14, r),
                (TABLE, r - 10),
                (TABLE, r - 10),
            ]
        )
        + path("a", box(200 - r + 8, top - 26, 2 * r - 16, 30, 7))
        + path("w", box(200 - r, TABLE - 34 - label, 2 * r, label, 3))
        + path(
            "k",
            f"M{218 - r} {TABLE - 20 - label}h{2 * r - 36}M{226 - r} {TABLE - 6 - label}h{2 * r - 52}",
        )
        + path("l", f"M{214 - r} {top + 34}v{high - 60}")
    )


def bottle(hand: Hand) -> str:
    """A bottle with a label."""
    r, high = hand.pick(38, 50), hand.pick(200, 228)
    top, label = TABLE - high, hand.pick(58, 76)
    slope = hand.pick(30, 60)
    return (
        turned(
            [
                (top, 15),
                (top, 15),
                (top + high // 3, 16),
                (top + high // 3 + slope, r),
                (TABLE - 8, r),
                (TABLE, r - 8),
                (TABLE, r - 8),
            ]
        )
        + path("a", box(184, top - 14, 32, 36, 5))
        + path("w", box(200 - r, TABLE - 24 - label, 2 * r, label, 2))
        + path(
            "k",
            f"M{212 - r} {TABLE - 2 - label}h{2 * r - 24}M{218 - r} {TABLE + 14 - label}h{2 * r - 36}",
        )
        + path("l", f"M{212 - r} {TABLE - high // 2 + 10}v{high // 2 - label - 44}")
    )


def tin(hand: Hand) -> str:
    """A tin for tea, biscuits or mints."""
    r, high = hand.pick(56, 84), hand.pick(110, 160)
    top = TABLE - high
    return (
        turned([(top + 26, r), (top + 26, r), (TABLE, r), (TABLE, r)])
        + painted(hand, top + 30, TABLE)
        + path(
            "a",
            f"M{197 - r} {top + 30}v-24q{r + 3}-22 {2 * r + 6} 0v24q{-r - 3} 14 {-2 * r - 6} 0z",
        )
        + path("h", f"M{200 + r // 2} {top - 6}L{203 + r} {top + 6}v24l{-r // 2} 6z")
    )


def packet(hand: Hand) -> str:
    """A paper bag, folded at the top."""
    half, high = hand.pick(60, 76), hand.pick(160, 190)
    top = TABLE - high
    label = hand.pick(52, 74)
    return (
        body(
            f"M{200 - half} {top}L{194 - half} {TABLE - 6}q0 6 6 6h{2 * half}q6 0 6-6L{200 + half} {top}z"
        )
        + path("h", f"M{200 + half // 2} {top}l6 {high}h{half // 2 - 4}L{200 + half} {top}z")
        + path("a", box(196 - half, top - 18, 2 * half + 8, 32, 3))
        + path("w", box(200 - half // 2 - 12, TABLE - 52 - label, half + 24, label, 3))
        + path("f", f"M200 {TABLE - 64}q-22-16 0-{label - 24}q22 {label - 40} 0 {label - 24}z")
        + path("k", f"M{210 - half} {top + 34}l-4 {high - 60}")
    )


def candle(hand: Hand) -> str:
    """A candle in its glass, or three of them."""
    r, high = hand.pick(48, 62), hand.pick(96, 130)
    top = TABLE - high
    side = turned([(top + 50, 22), (top + 50, 22), (TABLE, 22), (TABLE, 22)], x=310, main=False)
    return (
        side
        + path("k", f"M310 {top + 50}v-12")
        + path("y", f"M310 {top + 42}q-12-16 0-32q12 16 0 32z")
        + turned([(top, r), (top, r), (TABLE - 10, r), (TABLE, r - 8), (TABLE, r - 8)], x=190)
        + painted(hand, top + 24, TABLE)
        + oval("w", 190, top, r, 11)
        + path("k", f"M190 {top}v-16")
        + path("y", f"M190 {top - 10}q-16-22 0-46q16 24 0 46z")
    )


def lamp(hand: Hand) -> str:
    """A table lamp; its foot and shade vary."""
    foot, wide, high = hand.pick(34, 58), hand.pick(70, 96), hand.pick(70, 92)
    top = 82
    neck = top + high
    return (
        path("y", f"M{200 - wide} {neck}L{170 - wide} {TABLE}H{230 + wide}L{200 + wide} {neck}z")
        + turned(
            [
                (neck - 4, 7),
                (neck + 20, 8),
                (neck + 60, foot),
                (TABLE - 14, foot * 8 // 10),
                (TABLE, foot),
                (TABLE, foot),
            ]
        )
        + painted(hand, neck + 20, TABLE)
        + path(
            "w",
            f"M{200 - wide * hand.pick(50, 80) // 100} {top}H{200 + wide * 6 // 10}L{200 + wide}"
            f" {neck}H{200 - wide}z",
        )
        + path("h", f"M226 {top}H{200 + wide * 6 // 10}L{200 + wide} {neck}H236z")
    )


def mill(hand: Hand) -> str:
    """A pair of turned mills or mortars' cousins: kitchen hand tools."""
    one, two = hand.pick(150, 180), hand.pick(110, 140)

    def piece(x: int, high: int, r: int, *, main: bool) -> str:
        top = TABLE - high
        return turned(
            [
                (top + 18, r - 8),
                (top + 40, r - 4),
                (top + 62, r * 6 // 10),
                (TABLE - 40, r * 8 // 10),
                (TABLE - 8, r),
                (TABLE, r),
                (TABLE, r),
            ],
            x=x,
            main=main,
        ) + circle("a", x, top + 6, 16)

    return piece(250, two, 34, main=False) + piece(164, one, 38, main=True)


def perfume(hand: Hand) -> str:
    """A flacon with a stopper."""
    half, high = hand.pick(52, 70), hand.pick(104, 130)
    top = TABLE - high
    return (
        body(box(200 - half, top, 2 * half, high, hand.pick(6, 40)))
        + path("h", box(206 + half // 4, top + 6, half * 3 // 4 - 10, high - 12, 8))
        + path("w", box(200 - half // 2, top + high // 3, half, high // 3, 2))
        + path("k", f"M{208 - half // 2} {top + high // 2}h{half - 16}")
        + path("a", box(184, top - 22, 32, 22, 2))
        + path("b", box(174, top - 62, 52, 42, hand.pick(4, 18)))
        + path("l", f"M{212 - half} {top + 20}v{high - 44}")
    )


def cream(hand: Hand) -> str:
    """A low jar and a tube."""
    r, high = hand.pick(60, 72), hand.pick(62, 78)
    top = TABLE - high
    return (
        path("b", f"M268 {TABLE}l-10-150q26-10 56 0l-10 150z")
        + path("a", box(264, TABLE - 26, 44, 26, 4))
        + path("k", "M262 190h48")
        + turned([(top, r), (top, r), (TABLE - 10, r), (TABLE, r - 10), (TABLE, r - 10)], x=170)
        + path("a", box(166 - r, top - 36, 2 * r + 8, 38, 8))
        + path("w", box(140, top + 18, 60, 24, 3))
    )


def soap(hand: Hand) -> str:
    """Bars of soap, one on another."""
    wide = hand.pick(150, 180)
    left = 200 - wide // 2
    return (
        path("w", box(left - 18, TABLE - 20, wide + 36, 20, 8))
        + body(box(left, TABLE - 78, wide, 58, 20))
        + path("h", box(left + wide * 2 // 3, TABLE - 72, wide // 3 - 8, 48, 18))
        + path("k", box(left + 22, TABLE - 64, wide - 60, 30, 10))
        + path("a", box(left + 24, TABLE - 130, wide - 40, 52, 20))
        + circle("l", left + 40, TABLE - 150, 10)
        + circle("l", left + 70, TABLE - 166, 6)
    )
