"""The command of history: note what changed."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from marketplace.catalogue.revisions import rules
from marketplace.catalogue.revisions.models import ListingRevision
from marketplace.catalogue.revisions.rules import Facts, Kind

__all__ = ["Facts", "Kind"]  # what other rooms name changes by


@command("marketplace.revisions.note")
def note(
    *, product_id: int, vendor_id: int, kind: Kind, before: Facts, after: Facts, actor: Actor
) -> None:
    """Note a change in the commit that makes it; nothing is noted when nothing differs."""
    was, became = rules.difference(before, after)
    if was == became:
        return
    session().execute(
        insert(ListingRevision).values(
            product_id=product_id, vendor_id=vendor_id, kind=kind.value, before=was, after=became,
            at=clock.now(), person_id=actor.person_id, actor=actor.label,
        )
    )  # fmt: skip
