"""The command that moves a review's stars in the counts of its goods and its shop."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from marketplace.catalogue.ratings import rules
from marketplace.catalogue.ratings.events import RatingChanged
from marketplace.catalogue.ratings.models import ProductRating, VendorRating

_COLUMNS = dict(zip(rules.STARS, ("one", "two", "three", "four", "five"), strict=True))


@command("marketplace.ratings.move")
def move(
    *, product_id: int, vendor_id: int, before: int | None, after: int | None, actor: Actor
) -> None:
    """Count a review that came (before None), changed or went (after None).

    Rows add to what stands in them, so that two reviews at once both count.
    Units: stars, 1 to 5. Locks: the product's counts, then the shop's. Events: RatingChanged.
    """
    changes = {_COLUMNS[s]: n for s, n in rules.moved(before=before, after=after).items()}
    if not changes:
        return
    _add(ProductRating, {"product_id": product_id}, changes)
    _add(VendorRating, {"vendor_id": vendor_id}, changes)
    publish(RatingChanged(product_id=product_id))


def _add(
    table: type[ProductRating | VendorRating], key: dict[str, int], changes: dict[str, int]
) -> None:
    session().execute(insert(table).values(key).on_conflict_do_nothing())
    added = {name: getattr(table, name) + change for name, change in changes.items()}
    session().execute(update(table).filter_by(**key).values(added))
