"""Sends stored files to browsers."""

from __future__ import annotations

import io

from flask import Response, send_file

from kernel.media.storage.gateway import Folder, storage


def send(name: str, *, mimetype: str, max_age: int) -> Response:
    """Send a file, or say that the browser's copy still is it.

    Its name carries the hash of its content, so the name is its tag wherever it lies. Units:
    seconds. Raises: NotStored, StorageAway.
    """
    kept = storage()
    if isinstance(kept, Folder):
        return send_file(kept.path(name).absolute(), mimetype=mimetype, max_age=max_age)
    file = io.BytesIO(kept.get(name))
    return send_file(file, mimetype=mimetype, max_age=max_age, etag=name.rpartition("/")[2])
