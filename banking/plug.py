"""How banking joins the house."""

from __future__ import annotations

from dataclasses import dataclass

from banking.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.notices import rules as notices
from kernel.notices.rules import Notice
from kernel.plug import Desk, Plug, Slot, load
from kernel.text import N_


def _tile(path: str, actor: Actor, **about: object) -> object | None:
    # Loaded on call: a process without pages never imports what only pages need.
    shown: object | None = load(path)(actor, **about)
    return shown


def _wallet(actor: Actor) -> object | None:
    currency = load("kernel.web.preferences:preferences")().currency
    return _tile("banking.desk.queries:shown_wallet", actor, currency=currency)


def _pots(actor: Actor) -> object | None:
    return _tile("banking.pots.queries:pots_tile", actor)


def _guard(actor: Actor) -> object | None:
    return _tile("banking.guard.queries:frozen", actor)


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
    return _tile("banking.safeguarding.queries:warning", actor) if may_see else None


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

PLUG = Plug(
    name="banking",
    package="banking",
    blueprints=(
        "banking.desk.views:bp",
        "banking.movements.views:bp",
        "banking.pots.views:bp",
        "banking.statements.views:bp",
        "banking.approvals.views:bp",
        "banking.guard.views:bp",
        "banking.closing.views:bp",
        "banking.latecredits.views:bp",
        "banking.auditing.views:bp",
        "banking.customers.views:bp",
        "banking.officers.views:bp",
        "banking.cardrefunds.views:bp",
        "banking.disputes.views:bp",
        "banking.losses.views:bp",
        "banking.reconciliation.views:bp",
        "banking.safeguarding.views:bp",
        "banking.paying.views:bp",
        "banking.payouts.views:bp",
        "banking.laterefunds.views:bp",
        "banking.earnings.views:bp",
        "banking.payouts.views:books",
        "banking.payfiles.views:bp",
        "banking.payments.views:webhooks",
    ),
    permissions=Permission,
    grants=GRANTS,
    modules=(
        "banking.ledger.models",
        "banking.ledger.events",
        "banking.ledger.jobs",
        "banking.fx.models",
        "banking.fx.jobs",
        "banking.wallets.models",
        "banking.wallets.events",
        "banking.approvals.models",
        "banking.guard.service",
        "banking.customers.service",
        "banking.closing.models",
        "banking.closing.events",
        "banking.closing.service",
        "banking.closing.jobs",
        "banking.latecredits.models",
        "banking.latecredits.events",
        "banking.latecredits.jobs",
        "banking.rail.models",
        "banking.rail.events",
        "banking.rail.jobs",
        "banking.payees.models",
        "banking.payees.events",
        "banking.payees.jobs",
        "banking.transfers.models",
        "banking.transfers.events",
        "banking.transfers.jobs",
        "banking.requests.models",
        "banking.standing.models",
        "banking.standing.events",
        "banking.standing.jobs",
        "banking.bulk.models",
        "banking.bulk.events",
        "banking.bulk.jobs",
        "banking.payments.models",
        "banking.payments.events",
        "banking.payments.jobs",
        "banking.limits.models",
        "banking.limits.jobs",
        "banking.onboarding.models",
        "banking.onboarding.events",
        "banking.onboarding.jobs",
        "banking.evidence.models",
        "banking.evidence.jobs",
        "banking.cardrefunds.models",
        "banking.cardrefunds.events",
        "banking.cardrefunds.jobs",
        "banking.disputes.models",
        "banking.disputes.events",
        "banking.disputes.jobs",
        "banking.losses.models",
        "banking.reconciliation.models",
        "banking.reconciliation.events",
        "banking.reconciliation.jobs",
        "banking.safeguarding.models",
        "banking.safeguarding.events",
        "banking.safeguarding.jobs",
        "banking.parties.models",
        "banking.parties.jobs",
        "banking.escrow.models",
        "banking.escrow.events",
        "banking.payouts.models",
        "banking.payouts.events",
        "banking.payouts.jobs",
        "banking.pots.models",
        "banking.statements.models",
        "banking.statements.events",
        "banking.statements.jobs",
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
        "banking.payments.service:load_reference_data",
        "banking.safeguarding.service:load_scope",
    ),
    globals={"wallet_currency": "banking.wallets.rules:wallet_currency"},
    cli={
        "verify-ledger": "banking.ledger.cli:verify_ledger",
        "load-rates": "banking.payments.cli:load_rates",
        "card-network": "banking.payments.cli:card_network",
        "card-fault": "banking.payments.cli:card_fault",
        "identity-fault": "banking.onboarding.cli:identity_fault",
        "card-event": "banking.payments.cli:card_event",
        "rail-fault": "banking.rail.cli:rail_fault",
    },
    slots=(
        Slot("header", "banking/desk/header.html", _wallet, order=20),
        Slot("home", "banking/desk/_home.html", _wallet, order=20),
        Slot("bank_held", "banking/pots/tile.html", _pots, order=20),
        Slot("account", "banking/safeguarding/notice.html", _short, order=5),
        Slot("account", "banking/auditing/tile.html", _for_auditors, order=10),
        Slot("account", "banking/officers/tile.html", _for_officers, order=11),
        Slot("desks", "shell/desks.html", _books_desk, order=10),
        Slot("desks", "shell/desks.html", _applications_desk, order=20),
        Slot("books_notice", "banking/safeguarding/notice.html", _short),
        Slot("security", "banking/guard/tile.html", _guard, order=10),
        Slot("footer", "banking/desk/footer.html", _footer, order=20),
    ),
)
