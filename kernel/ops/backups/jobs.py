"""What is done for the archive again and again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from kernel.config import settings
from kernel.jobs import schedule
from kernel.logging import log
from kernel.ops.backups import archive


@schedule("kernel.backups.mirror_files", every=timedelta(minutes=1), queue="slow")
def mirror_files() -> None:
    """Copy media that came since into the archive, when there is one."""
    if settings().archive:
        came = archive.mirror(settings().var, Path(settings().archive))
        if came:
            log.info("%s files came into the archive", came)
