"""What can be wrong with a picture or a photograph."""

from __future__ import annotations

from kernel.errors import Invalid, LimitExceeded, NotFound
from kernel.text import N_, Message, Quoted


class NotAPicture(Invalid):
    """The file is no JPEG, PNG, WebP or AVIF picture that can be read."""

    code = "not_a_picture"
    message = N_("Choose a JPEG, PNG, WebP or AVIF picture.")


class PictureTooLarge(Invalid):
    """The file or the picture is larger than any page needs."""

    code = "picture_too_large"
    message = N_("Choose a picture of at most 8 MB and 40 megapixels.")


class PictureTooSmall(Invalid):
    """The picture would look blurred."""

    code = "picture_too_small"
    message = N_("Choose a picture of at least 300 × 300 pixels.")


class PictureTooNarrow(Invalid):
    """The picture is a strip that no page can show."""

    code = "picture_too_narrow"
    message = N_("Choose a picture whose longer side is at most four times its shorter side.")


class PictureMoves(Invalid):
    """The file holds several frames."""

    code = "picture_moves"
    message = N_("Choose a picture that stands still. This one is an animation.")


class TooManyPhotos(Invalid):
    """There are as many photographs already as belong to one thing."""

    code = "too_many_photos"
    message = N_("There are %(most)s photos already. Take one away to add another.")


class TooManyPhotoTries(LimitExceeded):
    """Somebody sends files more often than anybody photographs."""

    code = "too_many_photo_tries"


class NoSuchPhoto(NotFound):
    """There is no such photograph for this actor."""

    code = "no_such_photo"


def named(file: str, why: Message) -> Message:
    """Return why a file was refused, with its name, since a form may bring several."""
    return Message(_REFUSED, {"file": Quoted(file[:80]), "why": why})


# One form has brought enough that was looked at, whatever became of it.
NOT_LOOKED_AT = Message(
    N_("This file and those after it were not looked at. Please choose them again.")
)
_REFUSED = N_("%(file)s: %(why)s")
