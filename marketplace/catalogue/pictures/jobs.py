"""Makes the sizes of a picture where nobody waits for them."""

from __future__ import annotations

from kernel.events import on
from marketplace.catalogue.pictures import service
from marketplace.catalogue.pictures.events import PictureKept


@on(PictureKept, "marketplace.pictures.make_sizes", queue="slow", outside=True)
def make_sizes(event: PictureKept) -> None:
    """Write what is missing of AVIF and WebP in all sizes; the names make a repeat harmless."""
    service.make_sizes(event.path)
