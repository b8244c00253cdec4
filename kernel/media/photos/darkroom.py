"""Opens, cleans, scales and writes pictures; loaded only by who does, since it takes megabytes."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from functools import cache

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from kernel.errors import Invalid
from kernel.media.photos import rules
from kernel.media.photos.errors import (
    NotAPicture,
    PictureMoves,
    PictureTooLarge,
    PictureTooNarrow,
    PictureTooSmall,
)
from kernel.text import Message

# Telephones write a second picture, such as a map of depth or the next of a burst, into one file.
_SEVERAL = frozenset({"MPO", "HEIF"})
# Measured on the studio's pictures: AVIF so is a quarter smaller than WebP so, looks the same at
# arm's length, and takes a tenth of a second for all sizes instead of half a second.
_WRITTEN: Mapping[str, tuple[str, Mapping[str, int]]] = {
    "avif": ("AVIF", {"quality": 58, "speed": 8, "max_threads": 1}),
    "webp": ("WEBP", {"quality": 80, "method": 2}),
}
_BOUNDS = (rules.LARGEST_SIDE, rules.LARGEST_SIDE)
# Modes whose neighbours can be mixed; palettes and single bits become colours first.
_SCALED_AS_THEY_ARE = frozenset({"L", "RGB", "RGBA", "CMYK"})
_SRGB = ImageCms.createProfile("sRGB")


def developed(data: bytes, field: str) -> tuple[Image.Image, bool]:
    """Return an upload as a picture, and whether its file is clean as it is.

    Raises: NotAPicture, PictureTooLarge, PictureTooSmall, PictureTooNarrow, PictureMoves; each
    names the form's field.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_formats()) as picture:
            _check(picture, field)
            is_clean = _is_clean(picture)
            return (_plain(picture) if is_clean else _upright(picture)), is_clean
    # RuntimeError is how the reader of AVIF says that it cannot.
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        RuntimeError,
        Image.DecompressionBombError,
    ) as error:
        raise refused(NotAPicture, field) from error


def media_type(data: bytes) -> str:
    """Return what kind of file an upload is, which was developed before."""
    with Image.open(io.BytesIO(data), formats=_formats()) as picture:
        # Two pictures in one JPEG, as telephones write them, are a JPEG to everybody else.
        return Image.MIME["JPEG" if picture.format == "MPO" else str(picture.format)]


def original(master: bytes) -> Image.Image:
    """Return a clean original, unpacked."""
    with Image.open(io.BytesIO(master), formats=("WEBP",)) as opened:
        return opened.convert("RGBA" if opened.mode == "RGBA" else "RGB")


def size_of(master: bytes) -> tuple[int, int]:
    """Return how wide and high a clean original is, still packed."""
    with Image.open(io.BytesIO(master), formats=("WEBP",)) as opened:
        return opened.size


def clean_file(picture: Image.Image) -> bytes:
    """Return the file of a clean original."""
    return _encoded(picture, "WEBP", {"quality": 92, "method": 2})


def derivative(picture: Image.Image, kind: str) -> bytes:
    """Return the file of a size in a format, `avif` or `webp`."""
    return _encoded(picture, *_WRITTEN[kind])


def mark(file: bytes) -> int:
    """Return what a picture looks like in 64 bits: where its greys grow brighter to the right.

    Scaled, compressed or brightened anew, a picture keeps nearly all of them.
    """
    with Image.open(io.BytesIO(file), formats=("WEBP",)) as opened:
        greys = opened.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    bits = [greys[at] < greys[at + 1] for row in range(8) for at in range(row * 9, row * 9 + 8)]
    return sum(bit << place for place, bit in enumerate(bits))


def scaled(picture: Image.Image, width: int) -> Image.Image:
    """Return the picture at a width."""
    if width == picture.width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def refused(kind: type[Invalid], field: str) -> Invalid:
    """Return the refusal of a form's field."""
    return kind({field: Message(kind.message)})


@cache
def _formats() -> tuple[str, ...]:
    """Return the formats that are read, once Pillow has learned HEIC, which it lacks itself."""
    # Thumbnails and maps of depth inside are left alone, and one thread unpacks, as many files are
    # sent at once.
    register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
    return ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")


def _check(picture: Image.Image, field: str) -> None:
    """Judge by what the file's head says, before anything is unpacked."""
    short, long = sorted(picture.size)
    if short * long > rules.LARGEST_PIXELS:
        raise refused(PictureTooLarge, field)
    if short < rules.SMALLEST_SIDE:
        raise refused(PictureTooSmall, field)
    if long > short * rules.LONGEST_RATIO:
        raise refused(PictureTooNarrow, field)
    if picture.format not in _SEVERAL and getattr(picture, "is_animated", False):
        raise refused(PictureMoves, field)


def _is_clean(picture: Image.Image) -> bool:
    """Whether the file can be kept byte for byte: our own studio's pictures are such."""
    metadata = {"exif", "xmp", "icc_profile"} & {
        key for key, value in picture.info.items() if value
    }
    return picture.format == "WEBP" and max(picture.size) <= rules.LARGEST_SIDE and not metadata


def _upright(picture: Image.Image) -> Image.Image:
    """Return the picture as the camera was held, in sRGB, without what the camera wrote."""
    # A JPEG is unpacked at the smallest size that still serves: a fraction of time and memory.
    picture.draft("RGB", _BOUNDS)
    picture.load()
    if picture.mode in _SCALED_AS_THEY_ARE and "transparency" not in picture.info:
        # Forty megapixels are held once: what turns and converts them copies few.
        picture.thumbnail(_BOUNDS, Image.Resampling.LANCZOS)
    clean = _plain(_turned(picture))
    clean.thumbnail(_BOUNDS, Image.Resampling.LANCZOS)
    clean.info.clear()
    return clean


def _turned(picture: Image.Image) -> Image.Image:
    """Return the picture as its EXIF says it was held; a damaged one says nothing about that."""
    try:
        ImageOps.exif_transpose(picture, in_place=True)
    except (struct.error, SyntaxError, ValueError, TypeError, LookupError, OSError):
        picture.info.pop("exif", None)
    return picture


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


def _encoded(picture: Image.Image, kind: str, options: Mapping[str, int]) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
