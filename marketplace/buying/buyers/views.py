"""The pages of the address book."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.web import (
    current_actor,
    keep_typed,
    own_address,
    pages,
    preferences,
    render,
    requires,
    reshow,
)
from marketplace.buying.buyers import queries, service
from marketplace.buying.buyers.forms import address_fields, parse_address
from marketplace.permissions import Permission

bp = pages("addresses", __name__, prefix="/account/addresses")


@bp.get("/")
@requires(Permission.ADDRESS_MANAGE)
def index() -> ResponseReturnValue:
    """Show the address book and the form for one more."""
    return render(
        "marketplace/buying/buyers/addresses.html",
        addresses=queries.addresses_of(current_actor()),
        **_form_of(preferences().country),
    )


def _form_of(usual: str) -> dict[str, object]:
    back = own_address(request.values.get("next", ""))
    return address_fields(request.values, usual) | {"back": back}


@bp.post("/")
@requires(Permission.ADDRESS_MANAGE)
@reshow(index)
def add() -> ResponseReturnValue:
    """Add an address, or show the form of another country with what was typed."""
    if request.form.get("another"):
        keep_typed()
        return index()
    service.add_address(address=parse_address(request.form), actor=current_actor())
    return redirect(own_address(request.form.get("next", "")) or url_for("addresses.index"), 303)


@bp.get("/<uuid:address_id>")
@requires(Permission.ADDRESS_MANAGE)
def edit(address_id: UUID) -> ResponseReturnValue:
    """Show the form that changes an address."""
    address = queries.address_for(current_actor(), address_id)
    return render(
        "marketplace/buying/buyers/address.html", address=address, **_form_of(address.country)
    )


@bp.post("/<uuid:address_id>")
@requires(Permission.ADDRESS_MANAGE)
@reshow(edit)
def change(address_id: UUID) -> ResponseReturnValue:
    """Write an address anew, or show the form of another country with what was typed."""
    if request.form.get("another"):
        keep_typed()
        return edit(address_id)
    service.change_address(
        address_id=address_id, address=parse_address(request.form), actor=current_actor()
    )
    return redirect(own_address(request.form.get("next", "")) or url_for("addresses.index"), 303)


@bp.post("/<uuid:address_id>/default")
@requires(Permission.ADDRESS_MANAGE)
def make_default(address_id: UUID) -> ResponseReturnValue:
    """Offer this address first."""
    service.make_default(address_id=address_id, actor=current_actor())
    return redirect(url_for("addresses.index"), 303)


@bp.post("/<uuid:address_id>/remove")
@requires(Permission.ADDRESS_MANAGE)
def remove(address_id: UUID) -> ResponseReturnValue:
    """Take this address out of the book."""
    service.remove_address(address_id=address_id, actor=current_actor())
    return redirect(url_for("addresses.index"), 303)
