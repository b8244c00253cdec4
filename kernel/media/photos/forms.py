"""Reads photographs from a form: those just sent, and what it says of those that are there.

A photograph that was accepted once is kept, whatever else is wrong with the form: it waits under
what the form is about, the page shows it again, and nobody chooses the file again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import FileStorage

from kernel.errors import Invalid
from kernel.media.photos import queries, service
from kernel.media.photos.errors import NOT_LOOKED_AT, PictureTooLarge, TooManyPhotos, named
from kernel.media.photos.queries import PhotoView
from kernel.media.photos.rules import FIELD, FILES, LARGEST_FILE, LONGEST_ALT, MOST, Changes
from kernel.media.photos.service import Developed
from kernel.text import Message, together
from kernel.web.access import current_actor
from kernel.web.forms import Reader, keep_typed


@dataclass(frozen=True, slots=True)
class Received:
    """What a form brought.

    Shape: refused names every file that was looked at and not taken, and why, and the first of
    those that were not looked at.
    """

    changes: Changes
    refused: tuple[Message, ...]
    complaints: Reader
    is_adding: bool

    def into(self, reader: Reader) -> None:
        """Add what is wrong with photographs to what is wrong with the rest of the form."""
        for name, complaint in self._wrong().items():
            reader.complaints.setdefault(name, complaint)

    def check(self) -> None:
        """Refuse the form for its photographs alone. Raises: Invalid."""
        if wrong := self._wrong():
            raise Invalid(wrong)

    def _wrong(self) -> dict[str, Message]:
        own = {FIELD: together(self.refused)} if self.refused else {}
        return own | self.complaints.complaints


def receive_photos(*, album: str, subject: str, is_offered: bool = True) -> Received:
    """Keep what the request brings for a subject of the actor's, who was let in before.

    What is said of photographs that wait is done at once; of those that were sent before, with the
    form. Nothing is taken where the page does not offer the field.

    Where the button for photographs alone was pressed, the form is only shown again with all that
    was typed. Raises: Invalid then, when a file is refused; TooManyPhotoTries.
    """
    if not is_offered:
        return Received(Changes(), (), Reader({}), is_adding=False)
    known = queries.on_form(current_actor(), album=album, subject=subject)
    reader = Reader(request.form)
    changes = _changes(reader, known)
    room = MOST - sum(one.id not in changes.dropped for one in known)
    if files := [given for given in request.files.getlist(FIELD) if given.filename]:
        service.count_try(actor=current_actor())
    photos, refused = _developed(files, {one.sha256 for one in known}, room)
    if photos or changes.dropped or changes.alts:
        service.keep(
            album=album, subject=subject, photos=photos, changes=changes, actor=current_actor()
        )
    received = Received(changes, refused, reader, is_adding="add_photos" in request.form)
    if received.is_adding:
        received.check()
        keep_typed()
    return received


def _changes(reader: Reader, known: Sequence[PhotoView]) -> Changes:
    fields = {one.id: f"alt-{one.id}" for one in known if f"alt-{one.id}" in request.form}
    alts = {key: reader.text(f, most=LONGEST_ALT, optional=True) for key, f in fields.items()}
    return Changes(
        dropped=frozenset(one.id for one in known if reader.flag(f"drop-{one.id}")),
        alts={key: alt for key, alt in alts.items() if fields[key] not in reader.complaints},
    )


def _developed(
    files: Sequence[FileStorage], known: Collection[str], room: int
) -> tuple[list[Developed], tuple[Message, ...]]:
    """Return the files that are photographs, as many as there is room for, and the refusals."""
    taken: dict[str, Developed] = {}
    refused: list[Message] = []
    for file in files:
        # One byte more than allowed is enough to know that a file is too large.
        data = file.stream.read(LARGEST_FILE + 1)
        digest = hashlib.sha256(data).hexdigest()
        if digest in known or digest in taken:
            continue
        # A small file may hold forty megapixels: those that are refused count as well.
        if len(taken) >= room or len(taken) + len(refused) == MOST:
            refused.append(named(file.filename or "", _too_many(is_full=len(taken) >= room)))
            break
        try:
            taken[digest] = develop(data)
        except Invalid as error:
            refused.append(named(file.filename or "", error.fields[FIELD]))
    return list(taken.values()), tuple(refused)


def _too_many(*, is_full: bool) -> Message:
    return Message(TooManyPhotos.message, {"most": MOST}) if is_full else NOT_LOOKED_AT


def develop(data: bytes) -> Developed:
    """Return a file as a photograph without what its camera wrote, in its sizes.

    Raises: NotAPicture, PictureTooLarge, PictureTooSmall, PictureTooNarrow, PictureMoves.
    """
    from kernel.media.photos import darkroom  # noqa: PLC0415 - Pillow costs 4 MiB a process

    if len(data) > LARGEST_FILE:
        raise darkroom.refused(PictureTooLarge, FIELD)
    picture, _ = darkroom.developed(data, FIELD)
    sizes = {
        width: darkroom.scaled(picture, min(width, picture.width))
        for width in {width for _, width in FILES.values()}
    }
    large = sizes[max(sizes)]
    return Developed(
        sha256=hashlib.sha256(data).digest(),
        kind=darkroom.media_type(data),
        size=len(data),
        width=large.width,
        height=large.height,
        files={
            name: darkroom.derivative(sizes[width], name.rpartition(".")[2])
            for name, (_, width) in FILES.items()
        },
    )
