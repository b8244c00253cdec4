"""What open covers do by themselves each day, and the letters about them."""

from __future__ import annotations

from datetime import timedelta

from insurance.trade.open_cover import queries, running, told
from insurance.trade.open_cover.events import OpenCoverNews
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from kernel.people.identity import queries as people


@schedule("insurance.open_cover.mind_covers", every=timedelta(days=1), queue="money")
def mind_covers() -> None:
    """Suspend what is overdue, end what is over, and tell of the month that is over."""
    with reading():
        refs = queries.to_mind()
    one_by_one(refs, lambda ref: running.mind(ref=ref, actor=SYSTEM))


@on(OpenCoverNews, "insurance.open_cover.write", queue="mail")
def write(event: OpenCoverNews) -> None:
    """Tell a holder what happened to their open cover."""
    reader = people.person(event.owner_id)
    if reader is None:
        return
    line = queries.entry(event.entry_id)
    mail.send(
        to=reader,
        template="insurance/mail/open_cover.txt",
        locale=reader.locale,
        data={"name": reader.name, "ref": event.ref, "what": event.what}
        | told.letter_data(line, queries.currency_of(event.ref)),
    )
