"""Photographs that guests sent, for the account that takes them along."""

from __future__ import annotations

from kernel.manifest import Belongings
from kernel.media.photos.models import Photo

BELONGINGS = Belongings(key="kernel.photos", columns=(Photo.owner_id,))
