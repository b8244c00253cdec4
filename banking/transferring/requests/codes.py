"""EPC codes as pictures: drawn by segno, read from uploads by zxing."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from banking.transferring.requests import rules
from banking.transferring.requests.errors import CodeUnreadable
from banking.transferring.requests.rules import Wanted

if TYPE_CHECKING:
    from segno import QRCode

_MOST_PIXELS = 40_000_000
_SIDE = 2400


def code(wanted: Wanted) -> QRCode:
    """Return the code of a request, error correction M and no larger than version 13."""
    from segno import helpers  # noqa: PLC0415 - only who draws a code loads it

    assert wanted.amount is not None, "a request names its amount"
    assert rules.fits_a_code(wanted.amount), "codes know euro alone"
    return helpers.make_epc_qr(
        name=wanted.name[:70],
        iban=wanted.iban,
        amount=wanted.amount.amount,
        text=wanted.reference or None,
        encoding="utf-8",
    )


def drawn(wanted: Wanted) -> bytes:
    """Return the code of a request as SVG, on white, whatever the page's ground."""
    out = io.BytesIO()
    code(wanted).save(
        out, kind="svg", border=4, scale=4, light="#fff", svgclass=None, lineclass=None
    )
    return out.getvalue()


def read_picture(content: bytes) -> Wanted:
    """Return what the code in a picture asks for.

    Raises: CodeUnreadable when there is none, or the file is no picture.
    """
    import zxingcpp  # noqa: PLC0415 - a decoder that only uploads need
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - and what opens them

    try:
        with Image.open(io.BytesIO(content)) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise CodeUnreadable
            picture = ImageOps.exif_transpose(opened).convert("L")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as wrong:
        raise CodeUnreadable from wrong
    picture.thumbnail((_SIDE, _SIDE))
    barcodes = zxingcpp.read_barcodes(
        picture,
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        text_mode=zxingcpp.TextMode.Plain,
    )
    for one in barcodes:
        if one.text.startswith("BCD"):
            return rules.read_code(one.text)
    raise CodeUnreadable
