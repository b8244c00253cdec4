"""What can go wrong with a kept picture."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class NoSuchPicture(NotFound):
    """No picture was ever kept under this name."""

    code = "no_such_picture"


class TooManyPictures(RuleBroken):
    """A product page shows a dozen pictures at most."""

    code = "too_many_pictures"
    message = N_("A product can have at most %(most)d pictures.")
