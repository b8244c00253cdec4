"""What can be wrong with a picture."""

from __future__ import annotations

from kernel.errors import Invalid, NotFound
from kernel.text import N_


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


class NoSuchPicture(NotFound):
    """No picture was ever kept under this name."""

    code = "no_such_picture"
