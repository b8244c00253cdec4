"""Withdraw a declared shipment that does not leave: its premium comes back under the cover.

What is owed of it is let off first, then what else is owed under the cover, and the rest goes into
the deposit, so the cover stands as if it had never been declared. Nothing reaches the wallet.
"""

from __future__ import annotations

from dataclasses import dataclass

from insurance.money.books import deposits
from insurance.trade.cargo import declared
from insurance.trade.cargo import queries as cargo
from insurance.trade.open_cover import queries
from insurance.trade.open_cover.errors import DeclarationSettled
from insurance.trade.open_cover.holding import held_by, move, note, resume
from insurance.trade.open_cover.models import Declaration, OpenCover
from insurance.trade.open_cover.queries import DeclarationView, OpenCoverView
from insurance.trade.open_cover.rules import Return
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.errors import RuleBroken
from kernel.text import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalView:
    """A declared shipment that may be withdrawn.

    Shape: back is where its premium would go now, None where it was withdrawn or can't be any more;
    why says why it can't.
    """

    cover: OpenCoverView
    declared: DeclarationView
    back: Return | None
    why: Message | None


@command("insurance.open_cover.withdraw")
def withdraw(*, ref: str, number: str, actor: Actor) -> DeclarationView:
    """Withdraw a declared shipment before it leaves, by its certificate; twice is once.

    Its limits are free again, and its reference stands for it for good.
    Locks: the cover, the policy, the conveyance. Events: CargoEnded, OpenCoverNews. Raises:
    OpenCoverUnknown, DeclaredShipmentUnknown, DeclarationSettled, CargoHasLeft, CargoClaimed,
    CargoNotInForce.
    """
    row = held_by(ref, actor)
    line = queries.declared_as(row, number)
    if line.withdrawn_at is not None:
        return queries.declaration_view(line, row.currency)
    if row.adjusted_at is not None:
        raise DeclarationSettled
    assert row.insurer_key is not None, "what was accepted has an insurer"
    split = declared.withdraw(policy_id=line.policy_id, actor=actor)
    back, due = queries.return_of(row, line)
    deposits.premium_withdrawn(
        policy_id=line.policy_id,
        subject=line.number,
        ref=row.ref,
        back=split,
        off_owed=back.off_owed,
        insurer_key=row.insurer_key,
        actor=actor,
    )
    own_due = due if back.off_own else None
    move(row, "withdrawn", line.number, deposit=back.to_deposit, owed=-back.off_own, due=own_due)
    if back.off_others:
        move(row, "withdrawn", line.number, owed=-back.off_others)
    line.withdrawn_at, line.withdrawn_by = clock.now(), actor.somebody()
    line.off_owed = back.off_owed.minor
    session().flush()
    data = {
        "reference": line.reference,
        "number": line.number,
        "off": back.off_owed.minor,
        "deposit": back.to_deposit.minor,
    }
    note(row, "withdrawn", data, actor)
    resume(row, actor)
    return queries.declaration_view(line, row.currency)


def seen_for(actor: Actor, ref: str, number: str) -> WithdrawalView:
    """Return a declared shipment to its holder, with where its premium would go now.

    Raises: OpenCoverUnknown, DeclaredShipmentUnknown.
    """
    cover = queries.cover_for(actor, ref)
    row = session().get_one(OpenCover, cover.id)
    line = queries.declared_as(row, number)
    seen = queries.declaration_view(line, row.currency)
    why = None if seen.withdrawn_at else _refusal(row, line)
    is_open = seen.withdrawn_at is None and why is None
    return WithdrawalView(
        cover=cover,
        declared=seen,
        back=queries.return_of(row, line)[0] if is_open else None,
        why=why.sentence if why else None,
    )


def _refusal(row: OpenCover, line: Declaration) -> RuleBroken | None:
    if row.adjusted_at is not None:
        return DeclarationSettled()
    return declared.not_withdrawn(cargo.policy(policy_id=line.policy_id))
