"""Turns an upload into a clean master at once, and into AVIF and WebP in sizes when there is time.

Files are stored under `media/` and are named by the upload's hash: the same picture is stored
once, and an address never shows another picture later. The files are all there is; the caller
keeps what is returned.
"""

from __future__ import annotations

import hashlib

from kernel.actor import Actor
from kernel.db import command
from kernel.events import publish
from kernel.media.photos.errors import PictureTooLarge
from kernel.media.photos.rules import LARGEST_FILE
from kernel.media.storage.errors import NotStored
from kernel.media.storage.gateway import storage
from marketplace.catalogue.pictures import rules
from marketplace.catalogue.pictures.errors import NoSuchPicture
from marketplace.catalogue.pictures.events import PictureKept
from marketplace.catalogue.pictures.queries import StoredPicture, described, master_of, measured

__all__ = ["LARGEST_FILE", "StoredPicture"]  # what other rooms read of this one's rules


def store(data: bytes, *, field: str = "picture") -> StoredPicture:
    """Check a picture by its content and keep it upright and clean; the same again is free.

    Raises: NotAPicture, PictureTooLarge, PictureTooSmall, PictureTooNarrow, PictureMoves; each
    names the form's field.
    """
    from kernel.media.photos import darkroom  # noqa: PLC0415 - Pillow costs 4 MiB a process

    if len(data) > LARGEST_FILE:
        raise darkroom.refused(PictureTooLarge, field)
    path = f"products/{hashlib.sha256(data).hexdigest()[:32]}"
    target = master_of(path)
    if storage().has(target):
        return measured(path)
    photo, is_clean = darkroom.developed(data, field)
    storage().put(target, data if is_clean else darkroom.clean_file(photo))
    return described(path, *photo.size)


@command("marketplace.pictures.want_sizes")
def want_sizes(*, path: str, actor: Actor) -> None:
    """Let all sizes of a kept picture be made. Events: PictureKept."""
    publish(PictureKept(path=path))


def make_sizes(path: str) -> None:
    """Write every derivative that is missing, from the master. Raises: NoSuchPicture."""
    from kernel.media.photos import darkroom  # noqa: PLC0415 - Pillow costs 4 MiB a process

    try:
        master = storage().get(master_of(path))
    except NotStored:
        raise NoSuchPicture from None
    width_of_master, _ = darkroom.size_of(master)
    missing = {
        width: kinds
        for width in rules.widths_for(width_of_master)
        if (kinds := [k for k in rules.KINDS if not storage().has(_derivative(path, width, k))])
    }
    if not missing:
        return
    picture = darkroom.original(master)
    for width, kinds in missing.items():
        scaled = darkroom.scaled(picture, width)
        for kind in kinds:
            storage().put(_derivative(path, width, kind), darkroom.derivative(scaled, kind))


def _derivative(path: str, width: int, kind: str) -> str:
    return f"media/{path}-{width}.{kind}"
