"""What becomes of disputes by itself: they are asked about, debts are paid, people are told."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

from banking.cards.card_topups.errors import CardNetworkDown, CardNetworkRefused
from banking.cards.card_topups.events import DisputeReported, PaymentCaptured
from banking.cards.disputes import queries, service
from banking.cards.disputes.events import (
    DisputeClosed,
    DisputeGivenUp,
    DisputeOpened,
    EvidenceGiven,
)
from banking.core.ledger.errors import AccountFrozen
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from kernel.logging import log
from kernel.money import Money
from kernel.people.identity import queries as people


@on(DisputeReported, "banking.disputes.settle_dispute", queue="money", outside=True)
def settle_dispute(event: DisputeReported) -> None:
    """Ask about a dispute the network reported; the report itself is not believed.

    Raises: CardNetworkDown, and DisputedPaymentUnknown while the charge is not known as paid yet,
    so that the delivery is tried again.
    """
    service.settle(dispute_ref=event.dispute_ref)


@on(EvidenceGiven, "banking.disputes.send_evidence", queue="money", outside=True)
def send_evidence(event: EvidenceGiven) -> None:
    """Bring the evidence to the network. Raises: CardNetworkDown, so that it is tried again."""
    service.send_evidence(dispute_id=event.dispute_id)


@on(DisputeGivenUp, "banking.disputes.tell_given_up", queue="money", outside=True)
def tell_given_up(event: DisputeGivenUp) -> None:
    """Tell the network. Raises: CardNetworkDown, so that it is tried again."""
    service.tell_given_up(dispute_id=event.dispute_id)


@on(PaymentCaptured, "banking.disputes.collect_from_top_up", queue="money")
def collect_from_top_up(event: PaymentCaptured) -> None:
    """Take what is owed for earlier disputes from money that came in."""
    for dispute_id in queries.owing(wallet_id=event.wallet_id):
        service.collect(dispute_id=dispute_id, actor=SYSTEM)


@on(DisputeOpened, "banking.disputes.tell_of_dispute", queue="mail")
def tell_of_dispute(event: DisputeOpened) -> None:
    """Tell a person what the dispute means for their wallet; companies read their statement."""
    _tell("dispute_opened", event.dispute_id, event.owner_id, event.amount)


@on(DisputeClosed, "banking.disputes.tell_of_decision", queue="mail")
def tell_of_decision(event: DisputeClosed) -> None:
    """Tell a person how the card's bank decided."""
    template = "dispute_won" if event.is_won else "dispute_lost"
    _tell(template, event.dispute_id, event.owner_id, event.amount)


def _tell(template: str, dispute_id: UUID, owner_id: UUID, amount: Money) -> None:
    owner = people.person(owner_id)
    if owner is None:
        return
    plain = amount.plain()
    ref = queries.dispute(dispute_id=dispute_id).ref
    mail.send(
        to=owner,
        template=f"banking/mail/{template}.txt",
        locale=owner.locale,
        data={"name": owner.name, "amount": plain, "ref": ref},
    )


@schedule("banking.disputes.recover_disputes", every=timedelta(hours=1), queue="money")
def recover_disputes() -> None:
    """Ask about every dispute that is not at its end, and collect what is owed."""
    with reading():
        refs, debts = queries.unsettled(), queries.owing()
    acts = [partial(_settle, ref) for ref in refs] + [partial(_collect, one) for one in debts]
    one_by_one(acts, lambda act: act())


def _settle(dispute_ref: str) -> None:
    try:
        service.settle(dispute_ref=dispute_ref)
    except (CardNetworkDown, CardNetworkRefused, AccountFrozen) as away:
        log.warning("dispute %s stays in doubt: %s", dispute_ref, away.code)


def _collect(dispute_id: UUID) -> None:
    service.collect(dispute_id=dispute_id, actor=SYSTEM)
