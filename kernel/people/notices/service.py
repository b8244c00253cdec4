"""Commands on notices."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.people.notices.models import NoticeOff

__all__ = ["choose"]


@command("kernel.notices.choose")
def choose(*, offered: Collection[str], wanted: Collection[str], actor: Actor) -> None:
    """Keep which of the offered notices somebody wants; those not offered stay as they are."""
    person_id = actor.somebody()
    off = [notice for notice in offered if notice not in wanted]
    session().execute(
        delete(NoticeOff).where(
            NoticeOff.person_id == person_id, NoticeOff.notice.in_(list(offered))
        )
    )
    if off:
        rows = [{"person_id": person_id, "notice": notice, "off_at": clock.now()} for notice in off]
        session().execute(insert(NoticeOff).on_conflict_do_nothing(), rows)
