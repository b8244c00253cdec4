"""What cardholders' disputes do to orders."""

from __future__ import annotations

from banking.cards.disputes.events import PurchaseQuestioned
from banking.merchants.escrow import questions
from kernel.actor import SYSTEM
from kernel.events import on


@on(PurchaseQuestioned, "banking.escrow.follow_dispute", queue="money")
def follow_dispute(event: PurchaseQuestioned) -> None:
    """Keep back what is disputed, let it go once won, or bear what was lost."""
    if event.state == "opened":
        questions.question_orders(dispute_id=event.dispute_id, actor=SYSTEM)
    elif event.state == "won":
        questions.end_questions(dispute_id=event.dispute_id, actor=SYSTEM)
    elif event.taken:
        questions.bear_dispute(dispute_id=event.dispute_id, actor=SYSTEM)
    else:  # an inquiry: nothing was ever taken
        questions.end_questions(dispute_id=event.dispute_id, actor=SYSTEM)
