"""Puts a drawing together: a wall, a table, a thing in its colours, by day and by night.

The same address always gives the same drawing. Every shape is a function of one hand.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from marketplace.catalogue.drawings import household, kinds, vessels, wardrobe
from marketplace.catalogue.drawings.strokes import Hand, circle, path

Drawn = Callable[[Hand], str]
SHAPES: dict[str, Drawn] = {
    shape.__name__: shape
    for shape in (
        vessels.teapot,
        vessels.kettle,
        vessels.coffeepot,
        vessels.cup,
        vessels.bowl,
        vessels.plate,
        vessels.pot,
        vessels.vase,
        vessels.jar,
        vessels.bottle,
        vessels.tin,
        vessels.packet,
        vessels.candle,
        vessels.lamp,
        vessels.mill,
        vessels.perfume,
        vessels.cream,
        vessels.soap,
        wardrobe.shirt,
        wardrobe.dress,
        wardrobe.hat,
        wardrobe.scarf,
        wardrobe.textile,
        wardrobe.cushion,
        wardrobe.belt,
        wardrobe.glasses,
        wardrobe.umbrella,
        wardrobe.wallet,
        wardrobe.bag,
        wardrobe.backpack,
        wardrobe.suitcase,
        wardrobe.ring,
        wardrobe.necklace,
        wardrobe.watch,
        wardrobe.shoe,
        wardrobe.gloves,
        wardrobe.earrings,
        wardrobe.bangle,
        wardrobe.socks,
        household.chair,
        household.clock,
        household.frame,
        household.basket,
        household.plant,
        household.knife,
        household.cutlery,
        household.book,
        household.pen,
        household.brush,
        household.headphones,
        household.speaker,
        household.phone,
        household.charger,
        household.keyboard,
        household.camera,
        household.toy,
        household.game,
        household.guitar,
        household.drum,
        household.mat,
        household.ball,
        household.lantern,
        household.cycle,
        household.tool,
        household.parcel,
        household.tiles,
    )
}
FALLBACK = kinds.FALLBACK
HOUSE = "house"
SIDE = 400
# Glazes, dyes and woods; the accent beside each is another one, a few steps on.
_PALETTE = (
    "34508f",
    "8fae9b",
    "b86b4b",
    "c99a3f",
    "d3bf98",
    "7d4f6a",
    "6b8098",
    "3f6b57",
    "c78a8a",
    "2f4470",
    "b99466",
    "3d7d83",
    "a34a3a",
    "9aa06a",
)
_PAPER, _NIGHT, _INK, _CHALK = "f4f1e9", "151b2b", "1c2745", "d5ddef"
_NAME = re.compile(r"(?P<shape>[a-z]+)-(?P<seed>[0-9a-f]{4})-(?P<colour>[0-9a-f]{6}|house)\.svg")


class Subject(NamedTuple):
    """What is drawn. Shape: colour is six hexadecimal digits, or `house`."""

    shape: str
    seed: str
    colour: str


def name_of(*, shape: str, key: str, colour: str | None) -> str:
    """Return the file name of a drawing; goods of one key are always drawn alike."""
    seed = hashlib.blake2b(key.encode(), digest_size=2).hexdigest()
    return f"{shape}-{seed}-{(colour or '').strip('#').lower() or HOUSE}.svg"


def subject_of(name: str) -> Subject | None:
    """Read a file name; None when there is no such drawing."""
    match = _NAME.fullmatch(name)
    if match is None or match["shape"] not in SHAPES:
        return None
    return Subject(match["shape"], match["seed"], match["colour"])


@lru_cache(maxsize=2048)
def drawing(subject: Subject) -> str:
    """Return a drawing as SVG."""
    shape, seed, colour = subject
    hand = Hand(f"{seed}{shape}")
    place = hand.pick(0, len(_PALETTE) - 1)
    main = _PALETTE[place] if colour == HOUSE else colour
    accent = _PALETTE[(place + hand.pick(3, 10)) % len(_PALETTE)]
    scenery = "" if shape == FALLBACK else _scenery(hand)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}"'
        f' width="{SIDE}" height="{SIDE}">'
        f"<style>{_style(main, accent)}</style>{_HATCH}"
        f'<path class="g" d="M0 0h400v400H0z"/>{scenery}{SHAPES[shape](hand)}</svg>'
    )


def mixed(one: str, other: str, share: int) -> str:
    """Return a mixture of two colours. Units: share of the first in percent."""
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (0, 2, 4)]
    return "".join(f"{(a * share + b * (100 - share)) // 100:02x}" for a, b in pairs)


_HATCH = (
    '<pattern id="h" width="9" height="9" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(38)"><path class="x" d="M0 0v9"/></pattern>'
)
_LINES = (
    "path,circle,ellipse{stroke-linejoin:round;stroke-linecap:round}"
    ".b,.a,.w,.m,.y,.f{stroke:var(--i);stroke-width:3}.f,.y{stroke-width:2}"
    ".k,.n,.t,.p,.d,.u,.l,.x{fill:none;stroke:var(--i);stroke-width:3}"
    ".g{fill:var(--g)}.o{fill:var(--o)}.s{fill:var(--s)}.b{fill:var(--b)}.a{fill:var(--a)}"
    ".w{fill:var(--w)}.m{fill:var(--m)}.y{fill:var(--y)}.f{fill:var(--f)}.e{fill:var(--d)}"
    ".h{fill:url(#h)}.q{fill:var(--a);opacity:.8}.t{stroke:var(--d);stroke-width:10}"
    ".u{stroke:var(--b);stroke-width:14}.n{opacity:.45;stroke-width:2}"
    ".p{stroke:var(--a);stroke-width:8}.d{stroke:var(--a);stroke-width:10}"
    ".l{stroke:#fff;opacity:.55;stroke-width:6}circle.l{stroke-width:3}"
    ".x{opacity:.34;stroke-width:2.4}"
)


def _style(main: str, accent: str) -> str:
    tones = {
        "g": (mixed(main, _PAPER, 11), mixed(main, _NIGHT, 15)),
        "o": (mixed(main, _PAPER, 20), mixed(main, _NIGHT, 24)),
        "s": (mixed(main, "e3dccb", 16), mixed(main, "0c111d", 14)),
        "b": (main, mixed(main, _NIGHT, 88)),
        "a": (accent, mixed(accent, _NIGHT, 88)),
        "d": (mixed(main, _INK, 62), mixed(main, _INK, 66)),
        "w": ("fbf8f0", mixed("fbf8f0", _NIGHT, 84)),
        "m": ("d9c48f", "b8a577"),
        "y": ("f3d48a", "f0cd7c"),
        "f": (mixed(accent, "4d7358", 45), mixed(accent, "4d7358", 40)),
        "i": (_INK, mixed(_CHALK, main, 82)),
    }
    day = "".join(f"--{key}:#{light};" for key, (light, _) in tones.items())
    night = "".join(f"--{key}:#{dark};" for key, (_, dark) in tones.items())
    return f"svg{{{day}}}@media(prefers-color-scheme:dark){{svg{{{night}}}}}{_LINES}"


def _scenery(hand: Hand) -> str:
    """Return what stands behind and below: an arch, a disc or a bare wall, table and shadow."""
    kind, x = hand.pick(0, 3), hand.pick(150, 250)
    behind = (
        path("o", f"M{x - 104} 300V170a104 104 0 0 1 208 0V300z")
        if kind == 0
        else circle("o", x, 176, hand.pick(96, 124))
        if kind == 1
        else path("o", f"M0 {hand.pick(90, 150)}H400V300H0z")
        if kind == 2
        else ""
    )
    shadow = '<ellipse class="h" cx="216" cy="322" rx="146" ry="15"/>'
    return f'{behind}<path class="s" d="M0 300h400v100H0z"/>{shadow}'
