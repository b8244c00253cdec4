"""What the foundation brings along, like every other package."""

from __future__ import annotations

from kernel import mail
from kernel.manifest import Manifest
from kernel.people.guests import taking
from kernel.people.guests.links import token_for
from kernel.people.identity.at_sign_in import when_guests_sign_in
from kernel.people.identity.permissions import GRANTS, Permission
from kernel.people.identity.queries import actor_of_session
from kernel.people.notices.queries import is_wanted
from kernel.people.program_keys.service import recognise

# Mail and pages stand below the people they ask about.
mail.heed(is_wanted)
mail.let_guests_in(token_for)
when_guests_sign_in(taking.at_sign_in)

MANIFEST = Manifest(
    name="kernel",
    identify=actor_of_session,
    recognise=recognise,
    permissions=Permission,
    grants=GRANTS,
    modules=(
        "kernel.outbox",
        "kernel.forgetting",
        "kernel.partitions",
        "kernel.audit",
        "kernel.idempotency",
        "kernel.mail",
        "kernel.documents",
        "kernel.throttling",
        "kernel.alarms",
    ),
    sql=("sql/append_only.sql", "sql/copies.sql", "sql/partitions.sql"),
    cli={
        "backup": "kernel.ops.backups.cli:backup",
        "backups": "kernel.ops.backups.cli:backups",
        "breached-passwords": "kernel.commands:breached_passwords",
        "forget-words": "kernel.commands:forget_words",
        "keys": "kernel.ops.keys.cli:keys",
        "people": "kernel.people.account.cli:people",
        "prove": "kernel.commands:prove",
        "restore": "kernel.ops.backups.cli:restore",
    },
)
