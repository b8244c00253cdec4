"""How banking joins the house."""

from __future__ import annotations

from banking.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.plug import Plug, Slot


def _wallet(actor: Actor) -> object | None:
    # Loaded by pages alone; a process without pages never imports the desk.
    from banking.desk.queries import shown_wallet  # noqa: PLC0415
    from kernel.web.preferences import preferences  # noqa: PLC0415

    return shown_wallet(actor, currency=preferences().currency)


def _for_auditors(actor: Actor) -> object | None:
    return True if GRANTS[Permission.BOOKS_VIEW] & actor.roles else None


def _always(_actor: Actor) -> object:
    return True


PLUG = Plug(
    name="banking",
    package="banking",
    blueprints=(
        "banking.desk.views:bp",
        "banking.auditing.views:bp",
        "banking.paying.views:bp",
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
        "banking.payments.models",
        "banking.payments.events",
        "banking.payments.jobs",
        "banking.parties.models",
        "banking.parties.jobs",
        "banking.escrow.models",
        "banking.escrow.events",
    ),
    sql=(
        "sql/ledger.sql",
        "sql/holds.sql",
        "sql/balances.sql",
        "sql/fx.sql",
        "sql/payments.sql",
        "sql/approvals.sql",
        "sql/transfers.sql",
    ),
    reference=("banking.payments.service:load_reference_data",),
    cli={
        "verify-ledger": "banking.ledger.cli:verify_ledger",
        "load-rates": "banking.payments.cli:load_rates",
        "card-network": "banking.payments.cli:card_network",
        "card-fault": "banking.payments.cli:card_fault",
        "rail-fault": "banking.rail.cli:rail_fault",
    },
    slots=(
        Slot("header", "banking/desk/header.html", _wallet, order=20),
        Slot("home", "banking/desk/_home.html", _wallet, order=20),
        Slot("account", "banking/auditing/tile.html", _for_auditors, order=10),
        Slot("footer", "banking/desk/footer.html", _always, order=20),
    ),
)
