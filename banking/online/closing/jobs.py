"""Who closed a wallet hears what stays, and everybody of the company whose it was."""

from __future__ import annotations

from banking.accounts.wallets import queries as wallets
from banking.online.closing import queries
from banking.online.closing.events import WalletsClosed
from banking.online.closing.models import Closing
from kernel import mail
from kernel.db import session
from kernel.events import on
from kernel.people.identity import queries as people


@on(WalletsClosed, "banking.closing.tell_what_stays", queue="mail")
def tell_what_stays(event: WalletsClosed) -> None:
    """Write that a wallet or the account is closed, and until when statements stay."""
    row = session().get(Closing, event.closing_id)
    assert row is not None, "closings are never taken away"
    assert row.done_at is not None, "what is told was done"
    currency = wallets.wallet(wallet_id=row.wallet_id).currency if row.wallet_id else ""
    doer = people.person(row.person_id)
    recipients = {one.id: one for one in (doer, *people.staff_of(row.owner_id)) if one}
    for person in recipients.values():
        mail.send(
            to=person,
            template="banking/mail/closed.txt",
            locale=person.locale,
            data={
                "name": person.name,
                "ref": row.ref,
                "currency": currency,
                "until": queries.kept_until(row.done_at.date()).isoformat(),
            },
        )
