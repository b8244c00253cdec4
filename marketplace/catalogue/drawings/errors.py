"""What can be wrong with a drawing."""

from __future__ import annotations

from kernel.errors import NotFound


class NoSuchDrawing(NotFound):
    """The address names no shape, seed and colour of ours."""

    code = "no_such_drawing"
