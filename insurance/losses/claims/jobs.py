"""What claims do by themselves: get decided, get paid, wait for funds and go on."""

from __future__ import annotations

from datetime import timedelta

from insurance.losses.claims import (
    asking,
    deciding,
    holding,
    loss_notices,
    opening,
    paying,
    queries,
    waiting,
)
from insurance.losses.claims.events import ClaimApproved, ClaimOpened
from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule


@on(ClaimOpened, "insurance.claims.decide_claim", queue="money")
def decide_claim(event: ClaimOpened) -> None:
    """Ask the questions as soon as a claim is open."""
    deciding.decide(claim_id=event.claim_id, actor=SYSTEM)


@on(ClaimApproved, "insurance.claims.pay_claim", queue="money")
def pay_claim(event: ClaimApproved) -> None:
    """Pay as soon as a claim is approved."""
    paying.pay(claim_id=event.claim_id, actor=SYSTEM)


@schedule("insurance.claims.pay_waiting_claims", every=timedelta(minutes=1), queue="money")
def pay_waiting_claims() -> None:
    """Pay what waited for the insurer's claims money, now that it covers it."""
    with reading():
        unpaid = waiting.payable_again()
    one_by_one(unpaid, lambda claim_id: paying.pay(claim_id=claim_id, actor=SYSTEM))


@schedule("insurance.claims.open_due_delays", every=timedelta(minutes=10), queue="money")
def open_due_delays() -> None:
    """Open the delay claims of parcels that are still on the way on their trigger day."""
    with reading():
        due = queries.due_delays(on=clock.today())
    one_by_one(
        due,
        lambda late: opening.parcel_late(parcel_ref=late[0], promised_on=late[1], actor=SYSTEM),
    )


@schedule("insurance.claims.mind_questions", every=timedelta(hours=1), queue="money")
def mind_questions() -> None:
    """Remind of questions, and let claims rest or end whose holder says nothing."""
    with reading():
        asked = waiting.without_answer()
    one_by_one(asked, lambda claim_id: asking.mind_question(claim_id=claim_id, actor=SYSTEM))


@schedule("insurance.claims.mind_holds", every=timedelta(minutes=10), queue="money")
def mind_holds() -> None:
    """Tell the claims lead of holds that nobody looks into, and end those that last too long."""
    with reading():
        held = holding.on_hold()
    one_by_one(held, lambda claim_id: holding.mind_hold(claim_id=claim_id, actor=SYSTEM))


@schedule("insurance.loss_notices.forget_late_drafts", every=timedelta(days=1))
def forget_late_drafts() -> None:
    """Forget what nobody sent in time."""
    loss_notices.forget_late(actor=SYSTEM)
