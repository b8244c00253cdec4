"""Photographs as pages show them, and their files for who may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select

from kernel.actor import Actor
from kernel.db import reading
from kernel.manifest import manifests
from kernel.media.photos.errors import NoSuchPhoto
from kernel.media.photos.models import Photo, PhotoFile
from kernel.media.photos.rules import FILES, SMALL

_COLUMNS = (
    Photo.id,
    Photo.subject,
    Photo.alt,
    Photo.kind,
    Photo.size,
    Photo.sha256,
    Photo.width,
    Photo.height,
    Photo.sent_at,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoView:
    """A photograph.

    Units: size in bytes of the file that came, pixels of the large one. Shape: kind is the media
    type of what came, sha256 its hash in hex; alt is empty where nobody said what it shows.
    """

    id: UUID
    subject: str
    alt: str
    kind: str
    size: int
    sha256: str
    width: int
    height: int
    is_sent: bool

    def address(self, name: str) -> str:
        """Return where one of its files is, by name."""
        return f"/media/photos/{self.id}/{name}"

    @property
    def large(self) -> str:
        """Where the large one is."""
        return self.address("large.webp")

    @property
    def kind_word(self) -> str:
        """The kind of file that came, as people name it: JPEG."""
        # HEIF is what is inside; telephones and people call the file HEIC.
        return self.kind.rpartition("/")[2].upper().replace("HEIF", "HEIC")

    @property
    def megabytes(self) -> Decimal:
        """How large the file was that came, in tenths."""
        return max(Decimal(self.size) / 1_000_000, Decimal("0.1")).quantize(Decimal("0.1"))

    @property
    def thumbnail(self) -> tuple[int, int]:
        """Width and height of the small one."""
        width = min(self.width, SMALL)
        return width, max(1, round(self.height * width / self.width))


def on_form(actor: Actor, *, album: str, subject: str) -> Sequence[PhotoView]:
    """Return what its owner put under a subject, sent or not, in order."""
    return _views(Photo.album == album, Photo.subject == subject, Photo.owner_id == actor.person_id)


def of(*, album: str, subject: str) -> Sequence[PhotoView]:
    """Return what was sent with one thing, in order."""
    return of_all(album=album, subjects=[subject]).get(subject, ())


def seen_by(
    actor: Actor, *, album: str, subject: str, later: Sequence[str] = ()
) -> Sequence[PhotoView]:
    """Return what was sent with one thing, in order, nothing to who may not see its files.

    Shape: later are subjects under which more was sent with the same thing.
    """
    if not _has_sight(actor, album, subject):
        return ()
    sent = of_all(album=album, subjects=[subject, *later])
    return [photo for name in (subject, *later) for photo in sent.get(name, ())]


def of_all(*, album: str, subjects: Collection[str]) -> dict[str, Sequence[PhotoView]]:
    """Return what was sent with several things, by their references, in one statement."""
    if not subjects:
        return {}
    by_subject: dict[str, list[PhotoView]] = defaultdict(list)
    for view in _views(
        Photo.album == album, Photo.subject.in_(subjects), Photo.sent_at.is_not(None)
    ):
        by_subject[view.subject].append(view)
    return {subject: tuple(views) for subject, views in by_subject.items()}


def marks(*, album: str, subject: str) -> dict[UUID, int]:
    """Return what the photographs that were sent with one thing look like, each in 64 bits."""
    # Every page that shows a photograph imports this module, and only a claim's points open one.
    from kernel.media.photos import darkroom  # noqa: PLC0415 - 7 MiB in each web process

    query = (
        select(Photo.id, PhotoFile.content)
        .join(PhotoFile, PhotoFile.photo_id == Photo.id)
        .where(Photo.album == album, Photo.subject == subject, Photo.sent_at.is_not(None))
        .where(PhotoFile.name == "small.webp")
        .order_by(Photo.position, Photo.id)
    )
    with reading() as current:
        return {row.id: darkroom.mark(row.content) for row in current.execute(query)}


def file_for(
    actor: Actor, photo_id: UUID, name: str, *, is_held: bool = False
) -> tuple[str, bytes | None]:
    """Return media type and bytes of a file to its owner and to who sees what it belongs to.

    Shape: no bytes for who holds them already and only asks whether they may still be seen.
    Raises: NoSuchPhoto for everybody else.
    """
    if name not in FILES:
        raise NoSuchPhoto
    with reading() as current:
        whose = select(Photo.album, Photo.subject, Photo.owner_id, Photo.sent_at)
        row = current.execute(whose.where(Photo.id == photo_id)).one_or_none()
        if row is None or not _may_see(actor, row):
            raise NoSuchPhoto
        if is_held:
            return FILES[name][0], None
        # Read last: a quarter of a megabyte that a refusal does not need.
        file = select(PhotoFile.content).filter_by(photo_id=photo_id, name=name)
        content = current.execute(file).scalar_one_or_none()
    if content is None:
        raise NoSuchPhoto
    return FILES[name][0], content


def _may_see(actor: Actor, row: Row[str, str, UUID, datetime | None]) -> bool:
    if actor.person_id is not None and row.owner_id == actor.person_id:
        return True
    # What waits for its form is its owner's alone.
    return row.sent_at is not None and _has_sight(actor, row.album, row.subject)


def _has_sight(actor: Actor, album: str, subject: str) -> bool:
    (registered,) = [
        one for manifest in manifests() for one in manifest.albums() if one.key == album
    ]
    return registered.may_see(actor, subject)


def _views(*where: ColumnElement[bool]) -> tuple[PhotoView, ...]:
    query = select(*_COLUMNS).where(*where).order_by(Photo.position, Photo.id)
    with reading() as current:
        rows = current.execute(query).all()
    return tuple(
        PhotoView(
            id=row.id,
            subject=row.subject,
            alt=row.alt,
            kind=row.kind,
            size=row.size,
            sha256=row.sha256.hex(),
            width=row.width,
            height=row.height,
            is_sent=row.sent_at is not None,
        )
        for row in rows
    )
