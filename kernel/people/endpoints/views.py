"""Pages of the addresses at which one's programs hear of what happens."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.people.endpoints import queries, service
from kernel.people.endpoints.forms import NewAddress
from kernel.people.identity.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, pages, render, requires, reshow

bp = pages("endpoints", __name__, prefix="/account/webhooks")


@bp.get("")
@requires(Permission.ACCOUNT_VIEW)
def mine() -> ResponseReturnValue:
    """Show one's addresses, and the form for a new one."""
    found = queries.endpoints_of(current_actor())
    return render("kernel/people/endpoints/addresses.html", endpoints=found)


@bp.post("")
@requires(Permission.ACCOUNT_VIEW)
@reshow(mine)
def add() -> ResponseReturnValue:
    """Keep an address and show its secret this once."""
    form = NewAddress.parse(request.form)
    return _secret(service.add(url=form.url, actor=current_actor()))


@bp.get("/<uuid:endpoint_id>")
@requires(Permission.ACCOUNT_VIEW)
def show(endpoint_id: UUID) -> ResponseReturnValue:
    """Show what was sent to an address, and how it went."""
    found = queries.endpoint_for(current_actor(), endpoint_id)
    return render(
        "kernel/people/endpoints/address.html", endpoint=found, letters=queries.letters_to(found)
    )


@bp.post("/<uuid:endpoint_id>/secret")
@requires(Permission.ACCOUNT_VIEW)
@reshow(show)
def rotate(endpoint_id: UUID) -> ResponseReturnValue:
    """Give an address another secret and show it this once."""
    return _secret(service.rotate(endpoint_id=endpoint_id, actor=current_actor()))


@bp.post("/<uuid:endpoint_id>/letters/<uuid:letter_id>")
@requires(Permission.ACCOUNT_VIEW)
def send_again(endpoint_id: UUID, letter_id: UUID) -> ResponseReturnValue:
    """Send a letter once more."""
    service.send_again(endpoint_id=endpoint_id, letter_id=letter_id, actor=current_actor())
    flash(N_("It will be sent again in a few seconds."))
    return redirect(url_for("endpoints.show", endpoint_id=endpoint_id), 303)


@bp.post("/<uuid:endpoint_id>/remove")
@requires(Permission.ACCOUNT_VIEW)
def remove(endpoint_id: UUID) -> ResponseReturnValue:
    """Write to an address no more."""
    service.remove(endpoint_id=endpoint_id, actor=current_actor())
    flash(N_("Address removed. Nothing more is sent there."))
    return redirect(url_for("endpoints.mine"), 303)


def _secret(secret: str) -> ResponseReturnValue:
    answer = make_response(render("kernel/people/endpoints/secret.html", secret=secret))
    answer.headers["Cache-Control"] = "no-store"
    return answer
