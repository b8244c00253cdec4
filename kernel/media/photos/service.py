"""Commands on photographs: keep them for a form, send them with it, let them go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, or_, select, text

from kernel import clock
from kernel import throttling as tries
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import new_id
from kernel.media.photos import rules
from kernel.media.photos.errors import TooManyPhotos, TooManyPhotoTries
from kernel.media.photos.models import Photo, PhotoFile
from kernel.media.photos.rules import FIELD, MOST, Changes
from kernel.text import Message

_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Developed:
    """A photograph that was checked and cleaned.

    Units: size in bytes of what came, pixels of the large file. Shape: files maps their names.
    """

    sha256: bytes
    kind: str
    size: int
    width: int
    height: int
    files: Mapping[str, bytes]


@command("kernel.photos.count_try")
def count_try(*, actor: Actor) -> None:
    """Count a form with files of a person, before any is unpacked. Raises: TooManyPhotoTries."""
    bucket = f"photos:{_own(actor)}"
    wait = tries.take(allowed={bucket: rules.TRIES}, actor=actor)
    if wait:
        raise TooManyPhotoTries(retry_after=wait)


@command("kernel.photos.keep")
def keep(
    *,
    album: str,
    subject: str,
    photos: Sequence[Developed],
    actor: Actor,
    changes: Changes | None = None,
) -> None:
    """Keep photographs for a form that is not sent yet; the same file again changes nothing.

    Shape: changes are of those that wait there already. Locks: the owner's form, by name; what
    changes. Raises: TooManyPhotos when more would be there than belong to one thing.
    """
    owner_id = _own(actor)
    # Two answers to one form come at once where somebody presses twice: the second counts them.
    session().execute(_ONE_BY_ONE, {"name": f"photos:{album}:{subject}:{owner_id}"})
    _change_waiting(album, subject, changes or Changes(), owner_id)
    there = select(Photo.sha256, Photo.position).filter_by(
        album=album, subject=subject, owner_id=owner_id
    )
    known = {row.sha256: row.position for row in session().execute(there)}
    new = {one.sha256: one for one in photos if one.sha256 not in known}
    if len(known) + len(new) > MOST:
        raise TooManyPhotos({FIELD: Message(TooManyPhotos.message, {"most": MOST})})
    for position, one in enumerate(new.values(), max(known.values(), default=0) + 1):
        photo = Photo(
            id=new_id(),
            album=album,
            subject=subject,
            owner_id=owner_id,
            position=position,
            alt="",
            kind=one.kind,
            size=one.size,
            sha256=one.sha256,
            width=one.width,
            height=one.height,
            kept_at=clock.now(),
        )
        session().add(photo)
        session().flush()
        session().add_all(
            PhotoFile(photo_id=photo.id, name=name, content=content)
            for name, content in one.files.items()
        )
    session().flush()


@command("kernel.photos.send")
def send(
    *, album: str, waiting: str, subject: str, actor: Actor, changes: Changes | None = None
) -> int:
    """Send what waits under a subject with the thing that came of it; return how many it has now.

    Shape: changes are of those that wait and of those that were sent before.
    Locks: the owner's photographs under both. Raises: TooManyPhotos.
    """
    wanted = changes or Changes()
    query = (
        select(Photo)
        .where(Photo.album == album, Photo.subject.in_({waiting, subject}))
        .where(Photo.owner_id == _own(actor))
        .order_by(Photo.id)
        .with_for_update()
    )
    held = session().scalars(query.execution_options(populate_existing=True)).all()
    stay = [photo for photo in held if photo.id not in wanted.dropped]
    if len(stay) > MOST:
        raise TooManyPhotos({FIELD: Message(TooManyPhotos.message, {"most": MOST})})
    gone = [photo.id for photo in held if photo.id in wanted.dropped]
    session().execute(delete(Photo).where(Photo.id.in_(gone)))
    for photo in stay:
        photo.subject, photo.alt = subject, wanted.alts.get(photo.id, photo.alt)
        photo.sent_at = photo.sent_at or clock.now()
    session().flush()
    return len(stay)


@command("kernel.photos.drop_waiting")
def drop_waiting(*, album: str, subject: str, actor: Actor) -> None:
    """Delete what the actor put under a subject and has not sent. Locks: those photographs."""
    theirs = delete(Photo).filter_by(album=album, subject=subject, owner_id=_own(actor))
    session().execute(theirs.where(Photo.sent_at.is_(None)))


@command("kernel.photos.remove")
def remove(*, album: str, subject: str, actor: Actor) -> None:
    """Delete every photograph of a thing, whoever sent it."""
    del actor
    session().execute(delete(Photo).where(Photo.album == album, Photo.subject == subject))


@command("kernel.photos.forget")
def forget(*, person_id: UUID, album: str, actor: Actor) -> int:
    """Delete what somebody sent into an album, and all that waits anywhere; return how many."""
    del actor
    whose = Photo.owner_id == person_id
    gone = delete(Photo).where(whose, or_(Photo.album == album, Photo.sent_at.is_(None)))
    return len(session().execute(gone.returning(Photo.id)).all())


@command("kernel.photos.forget_late")
def forget_late(*, actor: Actor) -> None:
    """Delete what waited too long for its form."""
    del actor
    oldest = clock.now() - rules.WAITS
    session().execute(delete(Photo).where(Photo.sent_at.is_(None), Photo.kept_at < oldest))


def _change_waiting(album: str, subject: str, changes: Changes, owner_id: UUID) -> None:
    query = select(Photo).where(
        Photo.album == album,
        Photo.subject == subject,
        Photo.owner_id == owner_id,
        Photo.sent_at.is_(None),
        Photo.id.in_({*changes.dropped, *changes.alts}),
    )
    for photo in session().scalars(query.order_by(Photo.id).with_for_update()).all():
        photo.alt = changes.alts.get(photo.id, photo.alt)
        if photo.id in changes.dropped:
            session().delete(photo)
    session().flush()


def _own(actor: Actor) -> UUID:
    return actor.somebody()
