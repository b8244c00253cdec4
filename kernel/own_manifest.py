"""What the foundation brings along, like every other package: people, mailbox, chooser, health."""

from __future__ import annotations

from kernel import mail
from kernel.actor import Actor
from kernel.manifest import Desk, Manifest, Slot
from kernel.people.identity.permissions import GRANTS, Permission
from kernel.people.identity.queries import actor_of_session
from kernel.people.notices.queries import is_wanted
from kernel.text import N_

_DESK = Desk(N_("Machinery"), "operations.machinery", ("operations.",))


def _desk(actor: Actor) -> Desk | None:
    return _DESK if _for_operators(actor) else None


def _for_operators(actor: Actor) -> object | None:
    return True if GRANTS[Permission.OPERATIONS_VIEW] & actor.roles else None


# Mail and pages stand below the people they ask about.
mail.heed(is_wanted)

MANIFEST = Manifest(
    name="kernel",
    package="kernel",
    blueprints=(
        "kernel.web.views:health",
        "kernel.web.views:shell",
        "kernel.web.views:shell_pages",
        "kernel.people.identity.views:bp",
        "kernel.people.account.views:bp",
        "kernel.people.passwords.views:bp",
        "kernel.people.recovery.views:bp",
        "kernel.people.emails.views:bp",
        "kernel.ops.mailbox.views:bp",
        "kernel.ops.operations.views:bp",
        "kernel.media.photos.views:bp",
        "kernel.people.privacy.views:bp",
    ),
    identify=actor_of_session,
    cli={"forget-words": "kernel.commands:forget_words"},
    permissions=Permission,
    grants=GRANTS,
    modules=(
        "kernel.outbox",
        "kernel.jobs",
        "kernel.audit",
        "kernel.idempotency",
        "kernel.people.notices.models",
        "kernel.mail",
        "kernel.documents",
        "kernel.media.photos.models",
        "kernel.media.photos.jobs",
        "kernel.throttling",
        "kernel.people.safety.models",
        "kernel.people.safety.events",
        "kernel.people.mfa.models",
        "kernel.people.mfa.jobs",
        "kernel.people.identity.models",
        "kernel.people.passwords.models",
        "kernel.people.recovery.models",
        "kernel.people.emails.models",
        "kernel.people.passwords.jobs",
        "kernel.people.recovery.jobs",
        "kernel.people.identity.jobs",
    ),
    sql=("sql/append_only.sql",),
    slots=(
        Slot("account", "kernel/ops/operations/tile.html", _for_operators, order=11),
        Slot("desks", "shell/desks.html", _desk, order=90),
    ),
)
