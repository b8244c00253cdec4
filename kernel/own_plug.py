"""The foundation plugs itself in like everybody else: people, mailbox, chooser, health."""

from __future__ import annotations

from kernel import mail
from kernel.actor import Actor
from kernel.identity.permissions import GRANTS, Permission
from kernel.identity.queries import actor_of_session
from kernel.notices.queries import is_wanted
from kernel.plug import Desk, Plug, Slot
from kernel.text import N_

_DESK = Desk(N_("Machinery"), "operations.machinery", ("operations.",))


def _desk(actor: Actor) -> Desk | None:
    return _DESK if _for_operators(actor) else None


def _for_operators(actor: Actor) -> object | None:
    return True if GRANTS[Permission.OPERATIONS_VIEW] & actor.roles else None


# Mail and pages stand below the people they ask about.
mail.heed(is_wanted)

PLUG = Plug(
    name="kernel",
    package="kernel",
    blueprints=(
        "kernel.web.views:health",
        "kernel.web.views:shell",
        "kernel.web.views:shell_pages",
        "kernel.identity.views:bp",
        "kernel.account.views:bp",
        "kernel.passwords.views:bp",
        "kernel.recovery.views:bp",
        "kernel.emails.views:bp",
        "kernel.mailbox.views:bp",
        "kernel.operations.views:bp",
        "kernel.photos.views:bp",
        "kernel.written.views:bp",
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
        "kernel.notices.models",
        "kernel.mail",
        "kernel.documents",
        "kernel.photos.models",
        "kernel.photos.jobs",
        "kernel.tries",
        "kernel.safety.models",
        "kernel.safety.events",
        "kernel.factors.models",
        "kernel.factors.jobs",
        "kernel.identity.models",
        "kernel.passwords.models",
        "kernel.recovery.models",
        "kernel.emails.models",
        "kernel.passwords.jobs",
        "kernel.recovery.jobs",
        "kernel.identity.jobs",
    ),
    sql=("sql/append_only.sql",),
    slots=(
        Slot("account", "kernel/operations/tile.html", _for_operators, order=11),
        Slot("desks", "shell/desks.html", _desk, order=90),
    ),
)
