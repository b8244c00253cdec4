"""Code 128, set B: the bars under a parcel number. Source: ISO/IEC 15417."""

from __future__ import annotations

# Widths of bar, space, bar, space, bar, space for the values 0 to 105; the stop has a bar more.
_WIDTHS = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132"
    "122231113222123122123221223211221132221231213212223112312131311222321122321221312212"
    "322112322211212123212321232121111323131123131321112313132113132311211313231113231311"
    "112133112331132131113123113321133121313121211331231131213113213311213131311123311321"
    "331121312113312311332111314111221411431111111224111422121124121421141122141221112214"
    "112412122114122411142112142211241211221114413111241112134111111242121142121241114212"
    "124112124211411212421112421211212141214121412121111143111341131141114113114311411113"
    "411311113141114131311141411131211412211214211232"
)
_STOP = "2331112"
_START_B = 104


def values(text: str) -> list[int]:
    """Return the values of start, text and check sign."""
    assert all(" " <= sign <= "~" for sign in text), "set B holds printable ASCII"
    data = [ord(sign) - 32 for sign in text]
    check = (_START_B + sum(place * value for place, value in enumerate(data, start=1))) % 103
    return [_START_B, *data, check]


def bars(text: str) -> list[int]:
    """Return the widths of bars and spaces in turn, a bar first. Units: modules."""
    patterns = [_WIDTHS[6 * value : 6 * value + 6] for value in values(text)]
    return [int(width) for width in "".join([*patterns, _STOP])]
