"""What can be wrong with a picture or a photograph."""

from __future__ import annotations

from kernel.errors import Invalid, LimitExceeded, NotFound
from kernel.text import N_, Message, Quoted


class NotAPicture(Invalid):
    """The file is no JPEG, PNG, WebP, AVIF or HEIC picture that can be read."""

    code = "not_a_picture"
    message = N_("Choose a JPEG, PNG, WebP, AVIF or HEIC image.")


class PictureTooLarge(Invalid):
    """The file or the picture is larger than any page needs."""

    code = "picture_too_large"
    message = N_("Choose an image of at most 12 MB and 40 megapixels.")


class PictureTooSmall(Invalid):
    """The picture would look blurred."""

    code = "picture_too_small"
    message = N_("Choose an image of at least 300 × 300 pixels.")


class PictureTooNarrow(Invalid):
    """The picture is a strip that no page can show."""

    code = "picture_too_narrow"
    message = N_("Choose an image whose longer side is at most four times its shorter side.")


class PictureMoves(Invalid):
    """The file holds several frames."""

    code = "picture_moves"
    message = N_("Choose a still image. This one is animated.")


class TooManyPhotos(Invalid):
    """There are as many photographs already as belong to one thing."""

    code = "too_many_photos"
    message = N_("You already have %(most)s photos. Remove one to add another.")


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
    N_("We didn't check this file or the ones after it. Please choose them again.")
)
_REFUSED = N_("%(file)s: %(why)s")
