"""What is stored by name gets names of its own, which outlive any move of the code behind them.

Deliveries wait under their handler's name and schedules under theirs. Both were paths of modules
until here. The audit trail is evidence: its old rows keep the paths they were written with.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HANDLERS = {
    "banking.cardrefunds.ask_about_refund": "banking.card_refunds.ask_about_refund",
    "banking.cardrefunds.send_refund": "banking.card_refunds.send_refund",
    "banking.cardrefunds.tell_of_return": "banking.card_refunds.tell_of_return",
    "banking.latecredits.book_late_credit": "banking.late_credits.book_late_credit",
    "banking.latecredits.tell_owner": "banking.late_credits.tell_owner",
    "banking.payments.settle_reported": "banking.card_topups.settle_reported",
    "banking.payments.tell_of_top_up": "banking.card_topups.tell_of_top_up",
    "insurance.recoveries.tell_arrived": "insurance.salvage.tell_arrived",
    "insurance.recoveries.tell_found": "insurance.salvage.tell_found",
    "insurance.recoveries.tell_kept": "insurance.salvage.tell_kept",
    "insurance.recoveries.tell_surrendered": "insurance.salvage.tell_surrendered",
    "marketplace.shelves.index_cards": "marketplace.listing_index.index_cards",
    "marketplace.shelves.refresh_offer": "marketplace.listing_index.refresh_offer",
    "marketplace.shelves.refresh_product": "marketplace.listing_index.refresh_product",
    "marketplace.shelves.refresh_rating": "marketplace.listing_index.refresh_rating",
    "marketplace.shelves.refresh_stock": "marketplace.listing_index.refresh_stock",
    "marketplace.shelves.refresh_vendor": "marketplace.listing_index.refresh_vendor",
}

SCHEDULES = {
    "banking.cardrefunds.recover_refunds": "banking.card_refunds.recover_refunds",
    "banking.evidence.delete_old_documents": "banking.document_log.delete_old_documents",
    "banking.evidence.erase_old_applications": "banking.document_log.erase_old_applications",
    "banking.latecredits.remind_owners": "banking.late_credits.remind_owners",
    "banking.latecredits.send_late_credits": "banking.late_credits.send_late_credits",
    "banking.payments.recover_payments": "banking.card_topups.recover_payments",
    "insurance.notices.forget_late_drafts": "insurance.loss_notices.forget_late_drafts",
    "kernel.factors.forget_challenges": "kernel.mfa.forget_challenges",
    "marketplace.doors.reckon_ahead": "marketplace.listing_index.reckon_ahead",
    "marketplace.shelves.reprice": "marketplace.listing_index.reprice",
    "search.repair_drift": "search.jobs.repair_drift",
    "search.replace_missing_index": "search.jobs.replace_missing_index",
}


def upgrade() -> None:
    _rename("kernel.delivery", "handler", HANDLERS)
    _rename("kernel.schedule_run", "name", SCHEDULES)


def downgrade() -> None:
    _rename("kernel.delivery", "handler", {new: old for old, new in HANDLERS.items()})
    _rename("kernel.schedule_run", "name", {new: old for old, new in SCHEDULES.items()})


def _rename(table: str, column: str, names: dict[str, str]) -> None:
    statement = sa.text(f"UPDATE {table} SET {column} = :new WHERE {column} = :old")
    op.get_bind().execute(statement, [{"old": old, "new": new} for old, new in names.items()])
