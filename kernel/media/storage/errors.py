"""What cannot be kept or found."""

from __future__ import annotations

from kernel.errors import NotFound, Upstream


class NotStored(NotFound):
    """No file has this name."""

    code = "file_not_stored"


class StorageAway(Upstream):
    """The bucket does not answer, or refuses us."""

    code = "storage_away"
