"""Checkouts of guests and what cards paid for them, for the account that takes them along."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from sqlalchemy import null, select, update

from banking import api as bank
from kernel.actor import Actor
from kernel.db import command, session
from kernel.manifest import Belongings
from marketplace.buying.checkout.models import Checkout


@command("marketplace.checkout.claim_purchases")
def claim_purchases(*, guest_id: UUID, person_id: UUID, actor: Actor) -> None:
    """Let what cards paid for a guest's checkouts be an account's, refunds and all.

    One that bears the guest's own name goes along by it, as all that does. Locks: the payments.
    """
    refs = select(Checkout.ref).where(Checkout.person_id == guest_id)
    for ref in session().scalars(refs).all():
        for purchase in bank.purchases_of(subject=ref):
            with suppress(bank.PurchaseOfAnother):
                bank.claim_purchase(payment_id=purchase.id, owner_id=person_id, actor=actor)


@command("marketplace.checkout.forget_guest")
def forget_guest(*, guest_id: UUID, actor: Actor) -> None:
    """Forget where the checkouts of a guest who bought nothing were to go."""
    session().execute(update(Checkout).where(Checkout.person_id == guest_id).values(address=null()))


BELONGINGS = Belongings(
    key="marketplace.checkouts",
    columns=(Checkout.person_id,),
    take=claim_purchases,
    forget=forget_guest,
)
