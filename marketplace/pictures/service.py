"""Turns an upload into a clean master at once, and into AVIF and WebP in sizes when there is time.

Files lie below the media folder and are named by the upload's hash: the same picture is stored
once, and an address never shows another picture later. The files are all there is; the caller
keeps what is returned.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from kernel.actor import Actor
from kernel.config import settings
from kernel.db import command
from kernel.errors import Invalid
from kernel.events import publish
from kernel.text import Message
from marketplace.pictures import rules
from marketplace.pictures.errors import (
    NoSuchPicture,
    NotAPicture,
    PictureMoves,
    PictureTooLarge,
    PictureTooNarrow,
    PictureTooSmall,
)
from marketplace.pictures.events import PictureKept
from marketplace.pictures.queries import StoredPicture, described, master_of, measured
from marketplace.pictures.rules import LARGEST_FILE

__all__ = ["LARGEST_FILE", "StoredPicture"]  # what other rooms read of this one's rules

_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
# Measured on the studio's pictures: AVIF so is a quarter smaller than WebP so, looks the same at
# arm's length, and takes a tenth of a second for all sizes instead of half a second.
_WRITTEN: Mapping[str, tuple[str, Mapping[str, int]]] = {
    "avif": ("AVIF", {"quality": 58, "speed": 8, "max_threads": 1}),
    "webp": ("WEBP", {"quality": 80, "method": 4}),
}
_SRGB = ImageCms.createProfile("sRGB")


def store(data: bytes, *, field: str = "picture") -> StoredPicture:
    """Check a picture by its content and keep it upright and clean; the same again is free.

    Raises: NotAPicture, PictureTooLarge, PictureTooSmall, PictureTooNarrow, PictureMoves; each
    names the form's field.
    """
    if len(data) > rules.LARGEST_FILE:
        raise _refused(PictureTooLarge, field)
    path = f"products/{hashlib.sha256(data).hexdigest()[:32]}"
    target = master_of(path)
    if target.exists():
        return measured(path)
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            _check(picture, field)
            is_clean = _is_clean(picture)
            kept = _plain(picture) if is_clean else _upright(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError,
            Image.DecompressionBombError) as error:  # fmt: skip
        raise _refused(NotAPicture, field) from error
    _keep(data if is_clean else _encoded(kept, "WEBP", {"quality": 92, "method": 2}), target)
    return described(path, kept) if is_clean else measured(path)


@command
def want_sizes(*, path: str, actor: Actor) -> None:
    """Let all sizes of a kept picture be made. Events: PictureKept."""
    publish(PictureKept(path=path))


def make_sizes(path: str) -> None:
    """Write every derivative that is missing, from the master. Raises: NoSuchPicture."""
    master = master_of(path)
    if not master.exists():
        raise NoSuchPicture
    with Image.open(master, formats=("WEBP",)) as opened:
        picture = opened.convert("RGBA" if opened.mode == "RGBA" else "RGB")
    for width in rules.widths_for(picture.width):
        missing = [kind for kind in rules.KINDS if not _derivative(path, width, kind).exists()]
        if missing:
            scaled = _scaled(picture, width)
            for kind in missing:
                _keep(_encoded(scaled, *_WRITTEN[kind]), _derivative(path, width, kind))


def _derivative(path: str, width: int, kind: str) -> Path:
    return settings().media_dir / f"{path}-{width}.{kind}"


def _refused(kind: type[Invalid], field: str) -> Invalid:
    return kind({field: Message(kind.message)})


def _check(picture: Image.Image, field: str) -> None:
    """Judge by what the file's head says, before anything is unpacked."""
    short, long = sorted(picture.size)
    if short * long > rules.LARGEST_PIXELS:
        raise _refused(PictureTooLarge, field)
    if short < rules.SMALLEST_SIDE:
        raise _refused(PictureTooSmall, field)
    if long > short * rules.LONGEST_RATIO:
        raise _refused(PictureTooNarrow, field)
    # Telephones write a second picture, such as a map of depth, into one JPEG; that one stays.
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        raise _refused(PictureMoves, field)


def _is_clean(picture: Image.Image) -> bool:
    """Whether the file can be kept byte for byte: our own studio's pictures are such."""
    told = {"exif", "xmp", "icc_profile"} & {key for key, value in picture.info.items() if value}
    return picture.format == "WEBP" and max(picture.size) <= rules.LARGEST_SIDE and not told


def _upright(picture: Image.Image) -> Image.Image:
    """Return the picture as the camera was held, in sRGB, without what the camera wrote."""
    # A JPEG is unpacked at the smallest size that still serves: a fraction of time and memory.
    picture.draft("RGB", (rules.LARGEST_SIDE, rules.LARGEST_SIDE))
    turned = ImageOps.exif_transpose(picture)
    clean = _plain(turned)
    clean.thumbnail((rules.LARGEST_SIDE, rules.LARGEST_SIDE), Image.Resampling.LANCZOS)
    clean.info.clear()
    return clean


def _plain(picture: Image.Image) -> Image.Image:
    """Return eight bits a channel in sRGB, with its transparency."""
    if picture.mode.startswith("I"):  # sixteen bits of grey: converting would cut, not scale
        picture = picture.convert("I").point(lambda grey: grey / 256).convert("L")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, given, _SRGB, outputMode=mode)
            return turned if turned is not None else picture.convert(mode)
        except (ImageCms.PyCMSError, OSError):
            return picture.convert(mode)  # a broken profile says nothing about colours
    return picture.convert(mode)


def _scaled(picture: Image.Image, width: int) -> Image.Image:
    if width == picture.width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image, kind: str, options: Mapping[str, int]) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def _keep(data: bytes, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # A half-written file must never be served: write beside it, then rename.
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(target)
