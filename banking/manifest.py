"""How banking joins the house."""

from __future__ import annotations

from dataclasses import dataclass

from banking.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.manifest import Desk, Manifest, Slot, load
from kernel.people.notices import rules as notices
from kernel.people.notices.rules import Notice
from kernel.text import N_


def _tile(path: str, actor: Actor, **about: object) -> object | None:
    # Loaded on call: a process without pages never imports what only pages need.
    shown: object | None = load(path)(actor, **about)
    return shown


def _wallet(actor: Actor) -> object | None:
    currency = load("kernel.web.preferences:preferences")().currency
    return _tile("banking.online.home.queries:shown_wallet", actor, currency=currency)


def _pots(actor: Actor) -> object | None:
    return _tile("banking.online.pots.queries:pots_tile", actor)


def _guard(actor: Actor) -> object | None:
    return _tile("banking.authorisation.freezing.queries:frozen", actor)


def _for_auditors(actor: Actor) -> object | None:
    return True if GRANTS[Permission.BOOKS_VIEW] & actor.roles else None


def _for_officers(actor: Actor) -> object | None:
    return True if GRANTS[Permission.APPLICATION_REVIEW] & actor.roles else None


_BOOKS = Desk(
    N_("Books"), "books.show",
    (
        "books.", "disputes.", "losses.", "payout_desk.", "late_refunds.", "reconciliation.",
        "safeguarding.",
    ),
)  # fmt: skip
_APPLICATIONS = Desk(N_("Customers of the bank"), "officers.queue", ("officers.",))


def _books_desk(actor: Actor) -> Desk | None:
    return _BOOKS if _for_auditors(actor) else None


def _applications_desk(actor: Actor) -> Desk | None:
    return _APPLICATIONS if _for_officers(actor) else None


def _short(actor: Actor) -> object | None:
    may_see = GRANTS[Permission.BOOKS_VIEW] & actor.roles
    return _tile("banking.control.safeguarding.queries:warning", actor) if may_see else None


@dataclass(frozen=True, slots=True)
class _Footer:
    """What the footer's column leads to: whoever may not open a page is not sent to its door."""

    sees_safeguarding: bool


def _footer(actor: Actor) -> _Footer:
    return _Footer(bool(GRANTS[Permission.WALLET_VIEW] & actor.roles))


notices.register(
    Notice(
        key="banking.money_in", words=N_("Money that came in"),
        about=N_("Transfers to you, card payments, and what comes back."),
        templates=frozenset({"banking/mail/received.txt", "banking/mail/top_up.txt",
                             "banking/mail/refund_returned.txt"}),
    ),
    Notice(
        key="banking.money_out", words=N_("Transfers you send"),
        about=N_("Sent, arrived, returned or not made."),
        templates=frozenset({"banking/mail/transfer.txt"}),
    ),
    Notice(
        key="banking.standing", words=N_("Standing orders"),
        about=N_("When one begins or ends, and every payment that could not be made."),
        templates=frozenset({"banking/mail/standing.txt"}),
    ),
    Notice(
        key="banking.statements", words=N_("Statements"),
        about=N_("Once a month for each wallet in which something moved."),
        templates=frozenset({"banking/mail/statement.txt"}),
    ),
    Notice(
        key="banking.limits", words=N_("Limits"),
        about=N_("Money that waits because a wallet may not hold more."),
        templates=frozenset({"banking/mail/waiting.txt"}),
    ),
)  # fmt: skip

MANIFEST = Manifest(
    name="banking",
    package="banking",
    blueprints=(
        "banking.online.home.views:bp",
        "banking.online.activity.views:bp",
        "banking.online.pots.views:bp",
        "banking.online.statements.views:bp",
        "banking.authorisation.approvals.views:bp",
        "banking.authorisation.freezing.views:bp",
        "banking.online.closing.views:bp",
        "banking.authorisation.late_credits.views:bp",
        "banking.control.explorer.views:bp",
        "banking.compliance.customers.views:bp",
        "banking.compliance.application_reviews.views:bp",
        "banking.cards.card_refunds.views:bp",
        "banking.cards.disputes.views:bp",
        "banking.control.write_offs.views:bp",
        "banking.control.reconciliation.views:bp",
        "banking.control.safeguarding.views:bp",
        "banking.transferring.payment_pages.views:bp",
        "banking.merchants.payouts.views:bp",
        "banking.merchants.escrow.views:bp",
        "banking.merchants.sales_statements.views:bp",
        "banking.merchants.payouts.views:books",
        "banking.transferring.payment_files.views:bp",
        "banking.cards.card_topups.views:webhooks",
    ),
    permissions=Permission,
    grants=GRANTS,
    modules=(
        "banking.core.ledger.models",
        "banking.core.ledger.events",
        "banking.core.ledger.jobs",
        "banking.core.fx.models",
        "banking.core.fx.jobs",
        "banking.accounts.wallets.models",
        "banking.accounts.wallets.events",
        "banking.authorisation.approvals.models",
        "banking.authorisation.freezing.service",
        "banking.compliance.customers.service",
        "banking.online.closing.models",
        "banking.online.closing.events",
        "banking.online.closing.service",
        "banking.online.closing.jobs",
        "banking.authorisation.late_credits.models",
        "banking.authorisation.late_credits.events",
        "banking.authorisation.late_credits.jobs",
        "banking.core.rail.models",
        "banking.core.rail.events",
        "banking.core.rail.jobs",
        "banking.authorisation.payees.models",
        "banking.authorisation.payees.events",
        "banking.authorisation.payees.jobs",
        "banking.transferring.transfers.models",
        "banking.transferring.transfers.events",
        "banking.transferring.transfers.jobs",
        "banking.transferring.requests.models",
        "banking.transferring.standing.models",
        "banking.transferring.standing.events",
        "banking.transferring.standing.jobs",
        "banking.transferring.bulk.models",
        "banking.transferring.bulk.events",
        "banking.transferring.bulk.jobs",
        "banking.cards.card_topups.models",
        "banking.cards.card_topups.events",
        "banking.cards.card_topups.jobs",
        "banking.accounts.limits.models",
        "banking.accounts.limits.jobs",
        "banking.compliance.onboarding.models",
        "banking.compliance.onboarding.events",
        "banking.compliance.onboarding.jobs",
        "banking.compliance.document_log.models",
        "banking.compliance.document_log.jobs",
        "banking.cards.card_refunds.models",
        "banking.cards.card_refunds.events",
        "banking.cards.card_refunds.jobs",
        "banking.cards.disputes.models",
        "banking.cards.disputes.events",
        "banking.cards.disputes.jobs",
        "banking.control.write_offs.models",
        "banking.control.reconciliation.models",
        "banking.control.reconciliation.events",
        "banking.control.reconciliation.jobs",
        "banking.control.safeguarding.models",
        "banking.control.safeguarding.events",
        "banking.control.safeguarding.jobs",
        "banking.accounts.parties.models",
        "banking.accounts.parties.jobs",
        "banking.merchants.escrow.models",
        "banking.merchants.escrow.events",
        "banking.merchants.payouts.models",
        "banking.merchants.payouts.events",
        "banking.merchants.payouts.jobs",
        "banking.online.pots.models",
        "banking.online.statements.models",
        "banking.online.statements.events",
        "banking.online.statements.jobs",
    ),
    sql=(
        "sql/ledger.sql",
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
    globals={"wallet_currency": "banking.accounts.wallets.rules:wallet_currency"},
    cli={
        "verify-ledger": "banking.core.ledger.cli:verify_ledger",
        "load-rates": "banking.cards.card_topups.cli:load_rates",
        "card-network": "banking.cards.card_topups.cli:card_network",
        "card-fault": "banking.cards.card_topups.cli:card_fault",
        "identity-fault": "banking.compliance.onboarding.cli:identity_fault",
        "card-event": "banking.cards.card_topups.cli:card_event",
        "rail-fault": "banking.core.rail.cli:rail_fault",
    },
    slots=(
        Slot("header", "banking/online/home/header.html", _wallet, order=20),
        Slot("home", "banking/online/home/_home.html", _wallet, order=20),
        Slot("bank_held", "banking/online/pots/tile.html", _pots, order=20),
        Slot("account", "banking/control/safeguarding/notice.html", _short, order=5),
        Slot("account", "banking/control/explorer/tile.html", _for_auditors, order=10),
        Slot(
            "account", "banking/compliance/application_reviews/tile.html", _for_officers, order=11
        ),
        Slot("desks", "shell/desks.html", _books_desk, order=10),
        Slot("desks", "shell/desks.html", _applications_desk, order=20),
        Slot("books_notice", "banking/control/safeguarding/notice.html", _short),
        Slot("security", "banking/authorisation/freezing/tile.html", _guard, order=10),
        Slot("footer", "banking/online/home/footer.html", _footer, order=20),
    ),
)
