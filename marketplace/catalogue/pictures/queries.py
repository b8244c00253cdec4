"""Addresses of pictures, what a page needs to show one, and which file answers an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kernel.media.storage.errors import NotStored
from kernel.media.storage.gateway import storage
from marketplace.catalogue.pictures import rules
from marketplace.catalogue.pictures.errors import NoSuchPicture

_TYPES = {"avif": "image/avif", "webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """Where a picture lies.

    Units: pixels of the widest derivative. Shape: path below the media folder without the ending
    `-<width>.<kind>`; sizes are the widths there are, smallest first.
    """

    path: str
    width: int
    height: int
    sizes: tuple[int, ...]


class Source(NamedTuple):
    """One `<source>`: a media type and its files with their widths."""

    type: str
    srcset: str


class Picture(NamedTuple):
    """What `<picture>` needs, kind by kind, best first.

    Units: pixels. Shape: sources is empty for drawings; src is what every browser can show.
    """

    sources: tuple[Source, ...]
    src: str
    width: int
    height: int
    alt: str


class ServedFile(NamedTuple):
    """A stored file. Shape: is_final says whether the address will always answer with this."""

    name: str
    type: str
    is_final: bool


def address(path: str, sizes: Sequence[int], *, wanted: int) -> str:
    """Return the address of the smallest file that is at least so wide, or of the widest."""
    width = next((size for size in sizes if size >= wanted), sizes[-1])
    return f"/media/{path}-{width}.webp"


def source_set(path: str, sizes: Sequence[int], kind: str = "webp") -> str:
    """Return every file with its width, for a browser to choose from."""
    return ", ".join([f"/media/{path}-{size}.{kind} {size}w" for size in sizes])


def picture(kept: Mapping[str, Any], *, alt: str = "", wanted: int = 480) -> Picture:
    """Return what a page needs to show a kept picture.

    Shape: kept holds path, width, height and sizes, as cards and galleries do.
    """
    path, sizes = kept["path"], kept["sizes"]
    return Picture(
        sources=tuple(
            [Source(_TYPES[kind], source_set(path, sizes, kind)) for kind in rules.KINDS]
        ),
        src=address(path, sizes, wanted=wanted),
        width=kept["width"],
        height=kept["height"],
        alt=alt,
    )


def one_file(path: str) -> Picture:
    """Return what a page needs to show one kept file, or a drawing, by its path below `/media/`.

    A picture is kept in every kind at each of its widths, so its AVIF needs no looking up. Its
    height is not known: whoever shows it gives it a square.
    """
    asked = rules.wanted(path.removeprefix("products/"))
    if asked is None or asked.width is None:
        return Picture((), f"/media/{path}", rules.WIDTHS[0], rules.WIDTHS[0], "")
    file = {"path": f"products/{asked.digest}", "sizes": (asked.width,)}
    return picture({**file, "width": asked.width, "height": asked.width})


def master_of(path: str) -> str:
    """Return how the clean original is stored. Raises: NoSuchPicture for what is no such path."""
    if not rules.is_path(path):
        raise NoSuchPicture
    return f"media/{path}.webp"


def measured(path: str) -> StoredPicture:
    """Return what is known of a kept picture. Raises: NoSuchPicture."""
    from kernel.media.photos import darkroom  # noqa: PLC0415 - Pillow costs 4 MiB a process

    try:
        return described(path, *darkroom.size_of(storage().get(master_of(path))))
    except NotStored:
        raise NoSuchPicture from None


def described(path: str, width: int, height: int) -> StoredPicture:
    """Return what pages must know of a picture whose clean original is so large."""
    sizes = rules.widths_for(width)
    return StoredPicture(path, sizes[-1], max(1, round(height * sizes[-1] / width)), sizes)


def file_of(name: str) -> ServedFile:
    """Return the file that answers an address below `products/`.

    Until a size is made, the next best stands in: WebP of the same width, else the clean original.
    Raises: NoSuchPicture.
    """
    asked = rules.wanted(name)
    if asked is None:
        raise NoSuchPicture
    if storage().has(f"media/products/{name}"):
        return ServedFile(f"media/products/{name}", _TYPES[asked.kind], is_final=True)
    for other in (f"{asked.digest}-{asked.width}.webp", f"{asked.digest}.webp"):
        if storage().has(f"media/products/{other}"):
            return ServedFile(f"media/products/{other}", _TYPES["webp"], is_final=False)
    raise NoSuchPicture
