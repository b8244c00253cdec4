"""J12: what carriers accept, pay and never pay for a claim, in both books. Source: the ledger's."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from banking import api as bank
from insurance.money.books import registers
from insurance.money.books.posting import (
    FLOAT_ASSET,
    INCURRED,
    INSURER_MONEY,
    PAYABLE,
    RECOVERIES_DUE,
    as_debits,
    post,
)
from kernel.actor import Actor
from kernel.db import command
from kernel.ids import derived_id
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOn:
    """What of a carrier's money goes on to the holder, for what of the loss was uninsured."""

    amount: Money
    wallet_id: UUID


@command("insurance.books.recovery_accepted")
def recovery_accepted(
    *, case_id: UUID, subject: str, accepted: Money, insurer_key: str, actor: Actor
) -> None:
    """J12, first half: what a carrier says that it pays lowers what the claim cost."""
    _lower_cost(case_id, "recovery_accepted", accepted, subject, insurer_key, actor)


@command("insurance.books.recovery_received")
def recovery_received(
    *,
    receipt_id: UUID,
    subject: str,
    received: Money,
    insurer_key: str,
    actor: Actor,
    passed_on: PassedOn | None = None,
) -> None:
    """J12, second half: a carrier's money is in the insurer's claims money; once for a receipt.

    What of it is the holder's is owed to it until it leaves for its wallet, in the same commit.
    """
    moves = [
        (INSURER_MONEY, insurer_key, -received),
        (bank.AccountKind.INSURER_FLOAT, insurer_key, received),
    ]
    post(receipt_id, "recovery_received", moves, subject, actor)
    holders = passed_on.amount if passed_on is not None else Money.zero(received.currency)
    moves = [
        (FLOAT_ASSET, insurer_key, -received),
        (RECOVERIES_DUE, insurer_key, received - holders),
        (PAYABLE, insurer_key, holders),
    ]
    post(receipt_id, "recovery_booked", [one for one in moves if one[2]], subject, actor)
    if passed_on is not None:
        _pass_on(receipt_id, passed_on, subject, insurer_key, actor)


def _pass_on(
    receipt_id: UUID, passed_on: PassedOn, subject: str, insurer_key: str, actor: Actor
) -> None:
    """Pay the holder's part of a receipt out of the claims money it came into."""
    amount = passed_on.amount
    bank.pay_to_wallet(
        key=derived_id(receipt_id, "recovery_passed_on"),
        kind="recovery_passed_on",
        wallet_id=passed_on.wallet_id,
        sources=as_debits([(bank.AccountKind.INSURER_FLOAT, insurer_key, amount)]),
        subject=subject,
        actor=actor,
    )
    moves = [
        (bank.AccountKind.SAFEGUARDING_BANK, "house", -amount),
        (INSURER_MONEY, insurer_key, amount),
    ]
    post(receipt_id, "recovery_kept_safe", moves, subject, actor)
    moves = [(PAYABLE, insurer_key, -amount), (FLOAT_ASSET, insurer_key, amount)]
    post(receipt_id, "recovery_settled", moves, subject, actor)


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
