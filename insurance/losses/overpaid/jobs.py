"""What is heard of money for losses that the cover paid, and letters to their holders.

Each piece of news is about one order, whose claims an index finds; nothing looks through all of
them.
"""

from __future__ import annotations

from uuid import UUID

from banking.events import EscrowChargedBack, PaidOrderRefunded
from insurance.contracts.policies.events import GoodsGoneBack
from insurance.losses.claims.events import ClaimPaid
from insurance.losses.overpaid import service
from insurance.losses.overpaid.events import OverpaymentDropped, OverpaymentReturned, PaidTwice
from insurance.losses.overpaid.rules import CameFrom
from kernel import mail
from kernel.actor import SYSTEM
from kernel.events import on
from kernel.people.identity import queries as people


@on(PaidOrderRefunded, "insurance.overpaid.hear_of_refund", queue="money")
def hear_of_refund(event: PaidOrderRefunded) -> None:
    """Ask whether a seller paid for what the cover had paid."""
    service.money_came(
        order_ref=event.order_ref,
        came_from=CameFrom.SELLER,
        amount=event.amount,
        cause_id=event.id,
        actor=SYSTEM,
    )


@on(GoodsGoneBack, "insurance.overpaid.hear_of_return", queue="money")
def hear_of_return(event: GoodsGoneBack) -> None:
    """Ask whether goods went back for which the cover had paid."""
    service.money_came(
        order_ref=event.order_ref,
        came_from=CameFrom.SELLER,
        amount=event.refunded,
        cause_id=event.id,
        actor=SYSTEM,
    )


@on(EscrowChargedBack, "insurance.overpaid.hear_of_chargeback", queue="money")
def hear_of_chargeback(event: EscrowChargedBack) -> None:
    """Ask whether a card's bank gave back what the cover had paid."""
    service.money_came(
        order_ref=event.order_ref,
        came_from=CameFrom.CARD,
        amount=event.amount,
        cause_id=event.id,
        actor=SYSTEM,
    )


@on(ClaimPaid, "insurance.overpaid.hear_of_payment", queue="money")
def hear_of_payment(event: ClaimPaid) -> None:
    """Ask for what came while a claim waited for its money."""
    service.ask_once_paid(claim_id=event.claim_id, actor=SYSTEM)


@on(PaidTwice, "insurance.overpaid.tell_holder", queue="mail")
def tell_holder(event: PaidTwice) -> None:
    """Tell the holder what came twice, and that nothing is taken from them."""
    _write(
        event.policyholder_id,
        "overpaid_opened",
        ref=event.ref,
        claim=event.claim_ref,
        came_from=event.came_from,
        amount=event.amount.plain(),
    )


@on(OverpaymentReturned, "insurance.overpaid.confirm_return", queue="mail")
def confirm_return(event: OverpaymentReturned) -> None:
    """Confirm what was given back."""
    _write(
        event.policyholder_id,
        "overpaid_returned",
        ref=event.ref,
        claim=event.claim_ref,
        amount=event.amount.plain(),
    )


@on(OverpaymentDropped, "insurance.overpaid.tell_drop", queue="mail")
def tell_drop(event: OverpaymentDropped) -> None:
    """Tell the holder that the money stays with them."""
    _write(
        event.policyholder_id,
        "overpaid_dropped",
        ref=event.ref,
        claim=event.claim_ref,
        words=event.reason,
    )


def _write(holder_id: UUID, template: str, **data: object) -> None:
    holder = people.person(holder_id)
    if holder is None:
        return  # a company's policy: its page shows everything
    mail.send(
        to=holder,
        template=f"insurance/mail/{template}.txt",
        locale=holder.locale,
        data={"name": holder.name, **data},
    )
