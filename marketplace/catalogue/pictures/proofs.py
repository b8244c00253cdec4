"""That every picture which goods show is there."""

from __future__ import annotations

from sqlalchemy import select

from kernel.db import reading
from kernel.manifest import Proof
from kernel.media.storage.gateway import storage
from marketplace.catalogue.pictures.models import Picture
from marketplace.catalogue.pictures.queries import master_of


def _prove() -> tuple[bool, str]:
    with reading() as current:
        paths = current.scalars(select(Picture.path).distinct().order_by(Picture.path)).all()
    missing = [path for path in paths if not storage().has(master_of(path))]
    if missing:
        return False, f"{len(missing)} of {len(paths)} files are missing, the first is {missing[0]}"
    return True, f"{len(paths)} files, all there"


PROOF = Proof(name="marketplace.pictures", prove=_prove)
