"""How banking joins the house."""

from __future__ import annotations

from kernel.plug import Plug

PLUG = Plug(
    name="banking",
    package="banking",
    modules=(
        "banking.ledger.models",
        "banking.ledger.events",
        "banking.ledger.jobs",
        "banking.fx.models",
        "banking.fx.jobs",
        "banking.wallets.models",
        "banking.wallets.events",
        "banking.escrow.models",
        "banking.escrow.events",
    ),
    sql=("sql/ledger.sql", "sql/holds.sql", "sql/balances.sql", "sql/fx.sql"),
    cli={
        "verify-ledger": "banking.ledger.cli:verify_ledger",
        "load-rates": "banking.fx.cli:load_rates",
    },
)
