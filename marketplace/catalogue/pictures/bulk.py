"""A few pictures for many goods: for catalogues that measure, and show nothing to be bought."""

from __future__ import annotations

from sqlalchemy import text

from kernel.actor import Actor
from kernel.db import command, session
from kernel.statements import read_sql

_SHARE = text(read_sql(__file__, "share"))


@command("marketplace.pictures.share")
def share(*, feed: str, actor: Actor) -> None:
    """Let goods of a feed wear the pictures of other goods on their shelf, in turn.

    Shape: feed is how the feed's own references begin. Twice is once.
    """
    session().execute(_SHARE, {"feed": feed})
