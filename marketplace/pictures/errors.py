"""What can be wrong with a picture."""

from __future__ import annotations

from kernel.errors import Invalid
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
