"""How banking joins the house."""

from __future__ import annotations

from banking.permissions import GRANTS, Permission
from kernel.manifest import Manifest
from kernel.people.notices import rules as notices
from kernel.people.notices.rules import Notice
from kernel.text import N_

notices.register(
    Notice(
        key="banking.money_in",
        words=N_("Incoming money"),
        about=N_("Transfers to you, card payments and refunds."),
        templates=frozenset(
            {
                "banking/mail/received.txt",
                "banking/mail/top_up.txt",
                "banking/mail/refund_returned.txt",
            }
        ),
    ),
    Notice(
        key="banking.money_out",
        words=N_("Outgoing transfers"),
        about=N_("Sent, arrived, returned or failed."),
        templates=frozenset({"banking/mail/transfer.txt"}),
    ),
    Notice(
        key="banking.standing",
        words=N_("Recurring payments"),
        about=N_("When one starts or ends, and any payment that couldn't be made."),
        templates=frozenset({"banking/mail/standing.txt"}),
    ),
    Notice(
        key="banking.statements",
        words=N_("Statements"),
        about=N_("Monthly, for each wallet with activity."),
        templates=frozenset({"banking/mail/statement.txt"}),
    ),
    Notice(
        key="banking.limits",
        words=N_("Limits"),
        about=N_("Money waiting because a wallet can't hold more."),
        templates=frozenset({"banking/mail/waiting.txt"}),
    ),
)

MANIFEST = Manifest(
    name="banking",
    moves_money=True,
    permissions=Permission,
    grants=GRANTS,
    modules=(
        "banking.authorisation.freezing.service",
        "banking.compliance.customers.service",
        "banking.online.closing.service",
        "banking.transferring.requests.service",
    ),
    sql=(
        "sql/ledger.sql",
        "sql/ledger_years.sql",
        "sql/limits.sql",
        "sql/holds.sql",
        "sql/balances.sql",
        "sql/fx.sql",
        "sql/payments.sql",
        "sql/statements.sql",
        "sql/safeguarding.sql",
        "sql/approvals.sql",
        "sql/transfers.sql",
        "sql/payouts.sql",
        "sql/bulk.sql",
    ),
    reference=(
        "banking.cards.card_topups.service:load_reference_data",
        "banking.control.safeguarding.service:load_scope",
    ),
    cli={
        "verify-ledger": "banking.core.ledger.cli:verify_ledger",
        "load-rates": "banking.cards.card_topups.cli:load_rates",
        "card-network": "banking.cards.card_topups.cli:card_network",
        "card-fault": "banking.cards.card_topups.cli:card_fault",
        "identity-fault": "banking.compliance.onboarding.cli:identity_fault",
        "card-event": "banking.cards.card_topups.cli:card_event",
        "rail-fault": "banking.core.rail.cli:rail_fault",
        "safeguarding-own-money": "banking.control.safeguarding.cli:safeguarding_own_money",
    },
)
