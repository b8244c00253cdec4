"""What can go wrong with a kept picture."""

from __future__ import annotations

from kernel.errors import NotFound


class NoSuchPicture(NotFound):
    """No picture was ever kept under this name."""

    code = "no_such_picture"
