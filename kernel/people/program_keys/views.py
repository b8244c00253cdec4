"""The page of keys by which one's programs act."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.people.identity.permissions import Permission
from kernel.people.program_keys import queries, service
from kernel.people.program_keys.forms import Wanted
from kernel.people.program_keys.rules import DAYS
from kernel.text import N_
from kernel.web import current_actor, flash, pages, render, requires, reshow

bp = pages("program_keys", __name__, prefix="/account/keys")


@bp.get("")
@requires(Permission.ACCOUNT_VIEW)
def mine() -> ResponseReturnValue:
    """Show one's keys, and the form for a new one."""
    return render(
        "kernel/people/program_keys/keys.html",
        keys=queries.keys_of(current_actor()),
        scopes=queries.scopes(),
        days=DAYS,
    )


@bp.post("")
@requires(Permission.ACCOUNT_VIEW)
@reshow(mine)
def make() -> ResponseReturnValue:
    """Make a key and show it this once."""
    wanted = Wanted.parse(request.form, scopes=queries.scopes())
    made = service.make(wanted=wanted, actor=current_actor())
    answer = make_response(render("kernel/people/program_keys/made.html", key=made, wanted=wanted))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/<uuid:key_id>/remove")
@requires(Permission.ACCOUNT_VIEW)
def remove(key_id: UUID) -> ResponseReturnValue:
    """Let a key open nothing any more."""
    service.remove(key_id=key_id, actor=current_actor())
    flash(N_("Key removed. Programs that use it are refused from now on."))
    return redirect(url_for("program_keys.mine"), 303)
