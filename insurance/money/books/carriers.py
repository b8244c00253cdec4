"""J12: what carriers accept, pay and never pay for a claim, in both books. Source: the ledger's."""

from __future__ import annotations

from uuid import UUID

from banking import api as bank
from insurance.money.books import registers
from insurance.money.books.posting import (
    FLOAT_ASSET,
    INCURRED,
    INSURER_MONEY,
    RECOVERIES_DUE,
    post,
)
from kernel.actor import Actor
from kernel.db import command
from kernel.money import Money


@command("insurance.books.recovery_accepted")
def recovery_accepted(
    *, case_id: UUID, subject: str, accepted: Money, insurer_key: str, actor: Actor
) -> None:
    """J12, first half: what a carrier says that it pays lowers what the claim cost."""
    _lower_cost(case_id, "recovery_accepted", accepted, subject, insurer_key, actor)


@command("insurance.books.recovery_received")
def recovery_received(
    *, receipt_id: UUID, subject: str, received: Money, insurer_key: str, actor: Actor
) -> None:
    """J12, second half: a carrier's money is in the insurer's claims money; once for a receipt."""
    moves = [
        (INSURER_MONEY, insurer_key, -received),
        (bank.AccountKind.INSURER_FLOAT, insurer_key, received),
    ]
    post(receipt_id, "recovery_received", moves, subject, actor)
    moves = [(FLOAT_ASSET, insurer_key, -received), (RECOVERIES_DUE, insurer_key, received)]
    post(receipt_id, "recovery_booked", moves, subject, actor)


@command("insurance.books.recovery_given_up")
def recovery_given_up(
    *, case_id: UUID, subject: str, rest: Money, insurer_key: str, actor: Actor
) -> None:
    """Take back the part of J12 that a carrier accepted and will never pay."""
    _lower_cost(case_id, "recovery_given_up", -rest, subject, insurer_key, actor)


def _lower_cost(
    case_id: UUID, what: str, by: Money, subject: str, insurer_key: str, actor: Actor
) -> None:
    """Book what a claim costs less, or more where below zero, and write it in the register."""
    if not by:
        return
    moves = [(RECOVERIES_DUE, insurer_key, -by), (INCURRED, insurer_key, by)]
    at = post(case_id, what, moves, subject, actor)
    registers.keep_recovered(
        what,
        by,
        cause_id=case_id,
        subject=subject,
        insurer_key=insurer_key,
        kinds=[what],
        at=at,
        actor=actor,
    )
