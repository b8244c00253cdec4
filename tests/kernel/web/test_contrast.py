"""Colours that meet on pages are far enough apart, in the light and in the dark."""

import re
from pathlib import Path

import pytest

from kernel.web import assets

TOKENS = (Path(assets.STATIC) / "css" / "tokens.css").read_text()
PAIRS = dict(re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}, ?#[0-9a-f]{6})\)", TOKENS))
GROUNDS = ("paper", "china", "wash", "blue-wash", "ok-wash", "warn-wash", "bad-wash")
# Words → the least contrast, and the grounds on which they stand.
WORDS = [
    ("ink", 7, GROUNDS),
    ("ink-2", 7, ("paper", "china")),
    ("ink-2", 4.5, ("wash", "blue-wash")),
    ("ink-3", 4.5, ("paper", "china")),
    ("blue", 4.5, ("paper", "china", "wash", "blue-wash")),
    ("blue-2", 4.5, ("paper", "china", "wash", "blue-wash")),
    ("ok", 4.5, ("paper", "china", "wash", "ok-wash")),
    ("warn", 4.5, ("paper", "china", "wash", "warn-wash")),
    ("bad", 4.5, ("paper", "china", "wash", "bad-wash")),
    # The page's own ground on ink: the skip link and short news.
    ("paper", 7, ("ink",)),
    ("on-blue", 4.5, ("blue", "blue-2")),
    ("on-seal", 4.5, ("seal",)),
]
# What is drawn, not read: frames of fields, the line of a chart, the mark of here and now.
DRAWN = [(name, 3, ("paper", "china")) for name in ("rule-2", "blue", "seal", "ok", "warn", "bad")]
MEETINGS = [
    pytest.param(front, ground, least, id=f"{front} on {ground}, {least}")
    for front, least, grounds in WORDS + DRAWN
    for ground in grounds
]


def luminance(colour):
    """Source: WCAG 2.2, relative luminance."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def colour(token, scheme):
    return re.split(r", ?", PAIRS[token])[scheme]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), MEETINGS)
def test_words_and_signs_stand_out_from_their_ground(front, ground, least, scheme):
    assert contrast(colour(front, scheme), colour(ground, scheme)) >= least


def test_the_measure_knows_black_on_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
