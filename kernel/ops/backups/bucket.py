"""What lies in a bucket, beside what lies in the folder: by the names that it has in either."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from kernel.config import settings
from kernel.media.storage.errors import NotStored
from kernel.media.storage.gateway import storage
from kernel.ops.backups import rules


def whereabouts() -> str:
    """Return host, bucket and part of it where this installation keeps files; empty in a folder.

    Shape: without key and secret, since a backup tells it to whoever reads its page.
    """
    address = urlsplit(settings().storage_url)
    return f"{address.netloc.rpartition('@')[2]}{address.path.rstrip('/')}"


def size() -> int:
    """Return how much lies there. Units: bytes. Raises: StorageAway."""
    return storage().size("")


def copy_all(target: Path, *, say: Callable[[str], None]) -> dict[str, str]:
    """Copy every file of the bucket below a folder; return their hashes.

    What is gone meanwhile stays away. Of what lies in the folder as well, left there before there
    was a bucket, the bucket's counts. Raises: StorageAway.
    """
    kept, hashes, strangers = storage(), {}, 0
    for name in kept.names(""):
        if not rules.is_of_bucket(name):
            strangers += 1
            continue
        try:
            content = kept.get(name)
        except NotStored:
            continue
        _write(target, name, content)
        hashes[name] = hashlib.sha256(content).hexdigest()
    if strangers:
        say(f"Left out {strangers} names of the bucket that the house does not give.")
    return hashes


def _write(target: Path, name: str, content: bytes) -> None:
    """Write a file for its owner alone: the bucket does not say which of them are secret."""
    path = target / name
    for folder in [*reversed(path.relative_to(target).parents), Path()]:
        (target / folder).mkdir(exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
