"""Files of lines that grow for ever, kept to a bound while several processes write into them.

The writers hold the file open and append, so it is neither renamed nor replaced under them: what it
holds is copied to the side and the file emptied in its place; whoever writes next begins anew.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

# Units: bytes of one file, and how many older ones stay beside it.
MOST_BYTES = 20 * 1024 * 1024
OLDER = 4


def keep_within(
    folder: Path, pattern: str = "*.log", *, most_bytes: int = MOST_BYTES, older: int = OLDER
) -> list[str]:
    """Set aside every file so called in a folder that has grown over its bound; return their names.

    A folder then holds at most older + 1 times the bound for each process, and what was written
    since the last look. Shape: `web.log.1` is the newest of those set aside.
    """
    grown = [path for path in sorted(folder.glob(pattern)) if path.stat().st_size > most_bytes]
    for path in grown:
        _set_aside(path, older)
    return [path.name for path in grown]


def _set_aside(path: Path, older: int) -> None:
    new = path.with_name(f"{path.name}.new")
    try:
        with path.open("r+b") as full, new.open("wb") as aside:
            # To its end, whatever is written meanwhile; then microseconds are left, in which a line
            # that is being written may be lost.
            shutil.copyfileobj(full, aside)
            aside.flush()
            os.ftruncate(full.fileno(), 0)
    except OSError:
        # A disk that is full keeps the older ones, and not a piece of this one beside the whole.
        new.unlink(missing_ok=True)
        raise
    for number in range(older - 1, 0, -1):
        kept = path.with_name(f"{path.name}.{number}")
        if kept.exists():
            kept.replace(path.with_name(f"{path.name}.{number + 1}"))
    new.replace(path.with_name(f"{path.name}.1"))
