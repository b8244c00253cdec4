"""What becomes of card payments by itself: reported ones are asked about, forgotten ones too."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from banking.accounts.wallets import queries as wallets
from banking.cards.card_topups import queries, service
from banking.cards.card_topups.errors import CardNetworkDown, CardNetworkRefused, PaymentUnknown
from banking.cards.card_topups.events import PaymentCaptured, PaymentReported
from banking.core.ledger.errors import AccountFrozen
from kernel import mail
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from kernel.logging import log
from kernel.people.identity import queries as people


@on(PaymentReported, "banking.card_topups.settle_reported", queue="money", outside=True)
def settle_reported(event: PaymentReported) -> None:
    """Ask the network about a payment it reported; the report itself is not believed.

    Raises: CardNetworkDown, so that the delivery is tried again.
    """
    try:
        service.settle(payment_id=event.payment_id)
    except PaymentUnknown:
        log.warning("the card network reported a payment that is not ours")


@on(PaymentCaptured, "banking.card_topups.tell_of_top_up", queue="mail")
def tell_of_top_up(event: PaymentCaptured) -> None:
    """Tell a person that the card's money is in the wallet; companies read their statement."""
    owner = people.person(event.owner_id)
    if owner is None or wallets.wallet(wallet_id=event.wallet_id).is_closed:
        return  # what waits beside a closed wallet has a letter of its own
    amount = event.amount.plain()
    mail.send(
        to=owner,
        template="banking/mail/top_up.txt",
        locale=owner.locale,
        data={"name": owner.name, "amount": amount},
    )


@schedule("banking.card_topups.recover_payments", every=timedelta(minutes=1), queue="money")
def recover_payments() -> None:
    """Ask the network about payments whose webhook never came."""
    with reading():
        doubtful = queries.in_doubt()
    one_by_one(doubtful, _settle)


def _settle(payment_id: UUID) -> None:
    try:
        service.settle(payment_id=payment_id)
    except (CardNetworkDown, CardNetworkRefused, AccountFrozen) as away:
        log.warning("payment %s stays in doubt: %s", payment_id, away.code)
