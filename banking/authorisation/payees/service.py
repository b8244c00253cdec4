"""Commands on handles and saved payees."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from banking.authorisation.payees import queries, rules
from banking.authorisation.payees.errors import HandleTaken, PayeeUnknown
from banking.authorisation.payees.events import HandleChosen, PayeeRemoved, PayeeSaved
from banking.authorisation.payees.models import Handle, SavedPayee
from banking.authorisation.payees.queries import Outcome
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import new_id

# Whom somebody saved is of no use once its owner removed it or left, and its time is over.
_FORGET = text(
    """
    DELETE FROM banking.saved_payees p
    WHERE p.removed_at + make_interval(months => :months) <= :now OR EXISTS (
        SELECT FROM banking.customers c WHERE c.id = p.owner_id
            AND c.closed_at + make_interval(months => :months) <= :now
    )
    """
)


@command("banking.payees.choose_handle")
def choose_handle(
    *, owner_id: UUID, owner_kind: Literal["person", "organisation"], handle: str, actor: Actor
) -> str:
    """Let an owner be paid under a handle; the one before retires and stays theirs.

    Events: HandleChosen. Raises: HandleUnfit, HandleTaken.
    """
    name, now = rules.handle(handle), clock.now()
    query = select(Handle).where(Handle.owner_id == owner_id, Handle.retired_at.is_(None))
    before = session().scalars(query.with_for_update()).one_or_none()
    if before is not None and before.handle == name:
        return name
    if before is not None:
        before.retired_at = now
        session().flush()
    taken = insert(Handle).values(
        handle=name, owner_id=owner_id, owner_kind=owner_kind, chosen_at=now, retired_at=None
    )
    # An owner may come back to a handle that was theirs; nobody else may have it.
    stored = (
        session()
        .execute(
            taken.on_conflict_do_update(
                index_elements=["handle"],
                set_={"retired_at": None, "chosen_at": now},
                where=Handle.owner_id == owner_id,
            ).returning(Handle.handle)
        )
        .one_or_none()
    )
    if stored is None:
        raise HandleTaken
    publish(HandleChosen(owner_id=owner_id, handle=name, before=before.handle if before else ""))
    return name


@command("banking.payees.save_payee")
def save_payee(*, owner_id: UUID, name: str, account: str, outcome: Outcome, actor: Actor) -> None:
    """Keep somebody to pay again; who is kept already stays as kept. Events: PayeeSaved."""
    stored = (
        session()
        .execute(
            insert(SavedPayee)
            .values(
                id=new_id(),
                owner_id=owner_id,
                name=name,
                account=account,
                outcome=outcome,
                saved_at=clock.now(),
            )
            .on_conflict_do_nothing()
            .returning(SavedPayee.id)
        )
        .one_or_none()
    )
    if stored is not None:
        publish(PayeeSaved(owner_id=owner_id, payee_name=name, account=account))


@command("banking.payees.remove_payee")
def remove_payee(*, owner_id: UUID, payee_id: UUID, actor: Actor) -> None:
    """Forget a saved payee. Events: PayeeRemoved. Raises: PayeeUnknown."""
    gone = (
        session()
        .execute(
            update(SavedPayee)
            .where(
                SavedPayee.id == payee_id,
                SavedPayee.owner_id == owner_id,
                SavedPayee.removed_at.is_(None),
            )
            .values(removed_at=clock.now())
            .returning(SavedPayee.name, SavedPayee.account)
        )
        .one_or_none()
    )
    if gone is None:
        raise PayeeUnknown
    publish(PayeeRemoved(owner_id=owner_id, payee_name=gone.name, account=gone.account))


@command("banking.payees.forget_payees")
def forget_payees(*, actor: Actor) -> None:
    """Delete payees that were removed, or whose owner left, long enough ago."""
    where = {"months": queries.kept_months(), "now": clock.now()}
    session().execute(_FORGET, where)
