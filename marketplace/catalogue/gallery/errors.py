"""What can go wrong with a product's pictures."""

from __future__ import annotations

from kernel.errors import RuleBroken
from kernel.text import N_


class TooManyPictures(RuleBroken):
    """A product page shows a dozen pictures at most."""

    code = "too_many_pictures"
    message = N_("A product can have at most %(most)d pictures.")
