"""Pages of the machinery."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from kernel.ops.operations import queries, words
from kernel.outbox import revive_dead
from kernel.people.identity.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, pages, render, requires

bp = pages("operations", __name__, prefix="/operations")


@bp.get("/machinery")
@requires(Permission.OPERATIONS_VIEW)
def machinery() -> ResponseReturnValue:
    """Show queues, dead deliveries and schedules."""
    return render(
        "kernel/ops/operations/machinery.html", page=queries.machinery(), kinds=words.ALARMS
    )


@bp.post("/machinery/revive")
@requires(Permission.OPERATIONS_ACT)
def revive() -> ResponseReturnValue:
    """Try every dead delivery again."""
    revive_dead(actor=current_actor())
    flash(N_("Retrying every failed delivery."))
    return redirect(url_for("operations.machinery"), 303)
