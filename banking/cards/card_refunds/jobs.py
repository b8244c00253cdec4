"""What becomes of refunds by itself: they are sent, asked about, and told of when they return."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from banking.cards.card_refunds import queries, service
from banking.cards.card_refunds.errors import RefundUnknown
from banking.cards.card_refunds.events import RefundAsked, RefundReturned
from banking.cards.card_topups.errors import CardNetworkDown, CardNetworkRefused
from banking.cards.card_topups.events import RefundReported
from banking.core.ledger.errors import AccountFrozen
from kernel import mail
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from kernel.logging import log
from kernel.people.identity import queries as people


@on(RefundAsked, "banking.card_refunds.send_refund", queue="money", outside=True)
def send_refund(event: RefundAsked) -> None:
    """Bring a refund to the network. Raises: CardNetworkDown, so that it is tried again."""
    service.send(refund_id=event.refund_id)


@on(RefundReported, "banking.card_refunds.ask_about_refund", queue="money", outside=True)
def ask_about_refund(event: RefundReported) -> None:
    """Ask about a refund the network reported; the report itself is not believed."""
    try:
        service.send(refund_id=event.refund_id)
    except RefundUnknown:
        log.warning("the card network reported a refund that is not ours")


@on(RefundReturned, "banking.card_refunds.tell_of_return", queue="mail")
def tell_of_return(event: RefundReturned) -> None:
    """Tell a person that the card did not take the money; companies read their statement."""
    owner = people.person(event.owner_id)
    if owner is None:
        return
    amount = event.amount.plain()
    mail.send(
        to=owner,
        template="banking/mail/refund_returned.txt",
        locale=owner.locale,
        data={"name": owner.name, "amount": amount},
    )


@schedule("banking.card_refunds.recover_refunds", every=timedelta(minutes=1), queue="money")
def recover_refunds() -> None:
    """Ask the network about refunds whose end nobody heard of."""
    with reading():
        doubtful = queries.in_doubt()
    one_by_one(doubtful, _send)


def _send(refund_id: UUID) -> None:
    try:
        service.send(refund_id=refund_id)
    except (CardNetworkDown, CardNetworkRefused, AccountFrozen) as away:
        log.warning("refund %s stays in doubt: %s", refund_id, away.code)
