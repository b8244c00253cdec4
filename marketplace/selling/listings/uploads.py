"""Reads pictures from a vendor's form: those just sent, those kept from the try before.

A picture that was accepted once is kept, whatever else is wrong with the form: the page carries
its name, and nobody chooses the file again.
"""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import FileStorage, MultiDict

from kernel.errors import Invalid
from kernel.media.photos.errors import named
from kernel.text import Message, together
from kernel.web import without_turns
from marketplace.catalogue.pictures import queries as pictures
from marketplace.catalogue.pictures import service as keeping
from marketplace.catalogue.pictures.errors import NoSuchPicture
from marketplace.catalogue.pictures.service import LARGEST_FILE, StoredPicture

MOST_AT_ONCE = 12
LONGEST_ALT = 160
FIELD = "pictures"


@dataclass(frozen=True, slots=True)
class Kept:
    """An accepted picture with what the vendor says it shows."""

    picture: StoredPicture
    alt: str


@dataclass(frozen=True, slots=True)
class Uploads:
    """The pictures of a form in the vendor's order, and what was refused. Shape: by file."""

    kept: tuple[Kept, ...]
    refused: tuple[Message, ...]

    @property
    def complaint(self) -> Message:
        """What is wrong with every refused file, in one go."""
        return together(self.refused)

    def check(self) -> None:
        """Refuse the form when a file was refused. Raises: Invalid."""
        if self.refused:
            raise Invalid({FIELD: self.complaint})


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the form as typed: which picture, where, what it shows, which form of goods."""

    name: str
    place: str
    alt: str
    form: str
    is_dropped: bool


def read_uploads(form: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> Uploads:
    """Read kept and new pictures; asked again, it answers the same."""
    uploads = [
        Kept(picture, line.alt)
        for line in lines_of(form, "kept")
        if (picture := _known(line.name)) is not None
    ]
    seen = {one.picture.path for one in uploads}
    refused: list[Message] = []
    for file in [given for given in files.getlist(FIELD) if given.filename][:MOST_AT_ONCE]:
        stored = _stored(file, refused)
        if stored is not None and stored.path not in seen:
            seen.add(stored.path)
            uploads.append(Kept(stored, ""))
    return Uploads(tuple(uploads[:MOST_AT_ONCE]), tuple(refused))


def lines_of(form: MultiDict[str, str], name: str) -> list[Line]:
    """Return the rows that stay, in the order of the places typed; equal places keep theirs."""
    stay = [(at, row) for at, row in enumerate(typed_lines(form, name)) if not row.is_dropped]
    return [row for _, row in sorted(stay, key=lambda one: (_place(one[1].place, one[0]), one[0]))]


def typed_lines(form: MultiDict[str, str], name: str) -> list[Line]:
    """Return every row as it was typed, for reading and for showing it again."""
    columns = [form.getlist(key) for key in (name, f"{name}_place", f"{name}_alt", f"{name}_form")]
    dropped = set(dropped_of(form, name))
    rows = []
    for at, key in enumerate(columns[0]):
        place, alt, shows = (column[at] if at < len(column) else "" for column in columns[1:])
        told = without_turns(alt).strip()[:LONGEST_ALT]
        rows.append(Line(key, place.strip(), told, shows, key in dropped))
    return rows


def dropped_of(form: MultiDict[str, str], name: str) -> list[str]:
    """Return the rows to take away."""
    return form.getlist(f"{name}_drop")


def _place(typed: str, at: int) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else at + 1


def _known(path: str) -> StoredPicture | None:
    try:
        return pictures.measured(path)
    except NoSuchPicture:
        return None  # swept away, or never ours: the row leaves the form


def _stored(file: FileStorage, refused: list[Message]) -> StoredPicture | None:
    file.stream.seek(0)
    # One byte more than allowed is enough to know that a file is too large.
    data = file.stream.read(LARGEST_FILE + 1)
    try:
        return keeping.store(data, field=FIELD)
    except Invalid as error:
        refused.append(named(file.filename or "", error.fields[FIELD]))
        return None
