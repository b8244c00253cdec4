"""Turns an upload into WebP files below the media folder.

Files are named by their content's hash: the same picture is stored once, and an address never
shows another picture later. No database row is written here; the caller keeps what is returned.
"""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from kernel.config import settings
from kernel.text import Message
from marketplace.pictures import rules
from marketplace.pictures.errors import NotAPicture, PictureTooLarge, PictureTooSmall
from marketplace.pictures.rules import LARGEST_FILE

__all__ = ["LARGEST_FILE"]  # what other rooms read of this one's rules

_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """Where a picture lies.

    Units: pixels of the largest derivative. Shape: path below the media folder without the ending
    `-<width>.webp`; sizes are the widths there are, smallest first.
    """

    path: str
    width: int
    height: int
    sizes: tuple[int, ...]


def store(data: bytes, *, field: str = "picture") -> StoredPicture:
    """Check a picture by its content and write its derivatives; the same picture again is free.

    Raises: NotAPicture, PictureTooLarge, PictureTooSmall; each names the form's field.
    """
    path = f"products/{hashlib.sha256(data).hexdigest()[:32]}"
    picture = _opened(data, field)
    widths = rules.widths_for(picture.width)
    height = round(picture.height * widths[-1] / picture.width)
    for width in widths:
        target = settings().media_dir / f"{path}-{width}.webp"
        if not target.exists():
            _write(picture, width, target)
    return StoredPicture(path, widths[-1], height, widths)


def _opened(data: bytes, field: str) -> Image.Image:
    if len(data) > rules.LARGEST_FILE:
        raise PictureTooLarge({field: Message(PictureTooLarge.message)})
    try:
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
        if picture.width * picture.height > rules.LARGEST_PIXELS:
            raise PictureTooLarge({field: Message(PictureTooLarge.message)})
        # Turned as the camera was held; everything else a camera writes is left behind.
        upright = ImageOps.exif_transpose(picture)
        clean = upright.convert("RGBA" if upright.mode in {"RGBA", "LA", "P"} else "RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError,
            Image.DecompressionBombError) as error:  # fmt: skip
        raise NotAPicture({field: Message(NotAPicture.message)}) from error
    if min(clean.size) < rules.SMALLEST_SIDE:
        raise PictureTooSmall({field: Message(PictureTooSmall.message)})
    return clean


def _write(picture: Image.Image, width: int, target: Path) -> None:
    height = round(picture.height * width / picture.width)
    scaled = picture if width == picture.width else picture.resize(
        (width, height), Image.Resampling.LANCZOS
    )  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    # A half-written file must never be served: write beside it, then rename.
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    scaled.save(beside, "WEBP", quality=82, method=4)
    beside.replace(target)
