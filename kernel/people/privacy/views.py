"""The page of what one wrote: a file of it, and a way to let it go."""

from __future__ import annotations

from flask import jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from kernel.people.identity.permissions import Permission
from kernel.people.privacy import queries, service
from kernel.text import N_
from kernel.web import current_actor, flash, pages, render, requires
from kernel.web.files import attached

bp = pages("written", __name__, prefix="/account/words")


@bp.get("/")
@requires(Permission.WORDS_MANAGE)
def index() -> ResponseReturnValue:
    """Show how much of one's words is kept, and where."""
    return render("kernel/people/privacy/index.html", parts=queries.parts_of(current_actor()))


@bp.get("/words.json")
@requires(Permission.WORDS_MANAGE)
def file() -> ResponseReturnValue:
    """Send somebody everything they wrote as a file."""
    written = jsonify(queries.export_of(current_actor())).get_data()
    answer = attached(written, name="what-you-wrote.json", kind="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/let-go")
@requires(Permission.WORDS_MANAGE)
def let_go() -> ResponseReturnValue:
    """Let go of all one wrote."""
    actor = current_actor()
    person_id = actor.somebody()
    service.let_go(person_id=person_id, actor=actor)
    flash(
        N_(
            "What you wrote no longer points to you. We keep only the order and bank records "
            "the law requires."
        )
    )
    return redirect(url_for("written.index"), 303)
