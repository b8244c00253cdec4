"""What becomes of purchases by card: nobody's is given back, and whoever paid hears of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from banking.cards.card_refunds.events import PurchaseRefundReturned
from banking.cards.purchases import queries, service, waiting
from banking.cards.purchases.events import PurchaseCreditChanged, PurchaseGivenUp
from banking.cards.purchases.rules import CreditState
from kernel import clock, mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from kernel.sealing import sealed


@schedule("banking.purchases.give_up_purchases", every=timedelta(minutes=1), queue="money")
def give_up_purchases() -> None:
    """Give back what was paid and no order took in time, so that nothing is ever stuck."""
    with reading():
        until = clock.now() - queries.terms().gives_up_after
        late = [found.id for found in queries.free_purchases(before=until)]
    one_by_one(late, _give_up)


def _give_up(payment_id: UUID) -> None:
    service.give_up_purchase(payment_id=payment_id, actor=SYSTEM)


@on(PurchaseRefundReturned, "banking.purchases.follow_returned", queue="money")
def follow_returned(event: PurchaseRefundReturned) -> None:
    """Note what its card did not take."""
    waiting.keep_returned(refund_id=event.refund_id, actor=SYSTEM)


@schedule("banking.purchases.remind_payers", every=timedelta(hours=6), queue="mail")
def remind_payers() -> None:
    """Write again about what waits still when the link before is over."""
    with reading():
        due = queries.to_remind()
    one_by_one(due, lambda credit_id: waiting.remind(credit_id=credit_id, actor=SYSTEM))


@on(PurchaseCreditChanged, "banking.purchases.tell_of_credit", queue="mail")
def tell_of_credit(event: PurchaseCreditChanged) -> None:
    """Write that money waits, with a link to choose; what is on its way needs no letter."""
    found = queries.credit(credit_id=event.credit_id)
    if event.state != CreditState.WAITING or not found.may_choose:
        return
    token = sealed(waiting.new_link(credit_id=found.id, actor=SYSTEM))
    mail.send(
        to=found.email,
        template="banking/mail/purchase_credit.txt",
        locale=found.locale,
        data={
            "amount": found.amount.plain(),
            "ref": found.subject,
            "why": found.why.value,
            "token": token,
        },
    )


@on(PurchaseGivenUp, "banking.purchases.tell_given_up", queue="mail")
def tell_given_up(event: PurchaseGivenUp) -> None:
    """Write that no order came of a payment, and that all of it goes back."""
    found = queries.purchase(payment_id=event.payment_id)
    if found.payment.disputed:
        return  # its card's bank decides first, and who asked it knows
    mail.send(
        to=found.email,
        template="banking/mail/purchase_given_up.txt",
        locale=found.locale,
        data={"amount": event.amount.plain(), "ref": found.payment.ref, "why": event.why},
    )
