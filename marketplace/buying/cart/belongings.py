"""The cart of a guest: an account joins it with its own, as every visitor's cart."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from kernel.actor import Actor
from kernel.db import command, session
from kernel.manifest import Belongings
from marketplace.buying.cart.models import Cart


@command("marketplace.cart.leave_to_browser")
def leave_to_browser(*, guest_id: UUID, actor: Actor) -> None:
    """Let a guest's cart be its browser's alone: whoever signs in there takes it as ever."""
    session().execute(update(Cart).where(Cart.person_id == guest_id).values(person_id=None))


def _take(*, guest_id: UUID, person_id: UUID, actor: Actor) -> None:
    """Leave the joining to the account's next look at its cart, which asks what both hold."""
    assert guest_id != person_id, "a guest is no account"
    leave_to_browser(guest_id=guest_id, actor=actor)


BELONGINGS = Belongings(key="marketplace.cart", take=_take, forget=leave_to_browser)
