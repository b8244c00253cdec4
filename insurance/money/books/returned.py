"""What holders give back of an indemnity, in both books: goods they keep, and losses paid twice."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from banking import api as bank
from insurance.money.books import registers
from insurance.money.books.posting import FLOAT_ASSET, INCURRED, as_credits, keep_safe, post
from kernel.actor import Actor
from kernel.db import command
from kernel.ids import derived_id
from kernel.money import Money


@command("insurance.books.indemnity_returned")
def indemnity_returned(
    *,
    case_id: UUID,
    subject: str,
    indemnity: Money,
    dues: Sequence[bank.Credit],
    insurer_key: str,
    wallet_id: UUID,
    actor: Actor,
) -> None:
    """Bring an indemnity back into the insurer's claims money, because its goods were kept.

    Shape: dues are credits that the same wallet pays in the same journal.
    Locks: the wallet's account. Raises: InsufficientFunds, AccountFrozen.
    """
    _give_back(
        "returned",
        kind="indemnity_returned",
        case_id=case_id,
        subject=subject,
        amount=indemnity,
        dues=dues,
        insurer_key=insurer_key,
        wallet_id=wallet_id,
        actor=actor,
    )


@command("insurance.books.overpayment_returned")
def overpayment_returned(
    *,
    case_id: UUID,
    subject: str,
    amount: Money,
    insurer_key: str,
    wallet_id: UUID,
    actor: Actor,
) -> None:
    """Bring a part of an indemnity back, because others paid the same loss.

    Locks: the wallet's account. Raises: InsufficientFunds, AccountFrozen.
    """
    _give_back(
        "overpaid",
        kind="overpayment_returned",
        case_id=case_id,
        subject=subject,
        amount=amount,
        dues=(),
        insurer_key=insurer_key,
        wallet_id=wallet_id,
        actor=actor,
    )


def _give_back(
    what: str,
    *,
    kind: str,
    case_id: UUID,
    subject: str,
    amount: Money,
    dues: Sequence[bank.Credit],
    insurer_key: str,
    wallet_id: UUID,
    actor: Actor,
) -> None:
    """Take money from a wallet into claims money; the claim cost less.

    It leaves where customers' money is kept safe for the account of insurers' money. Shape: what
    is the register's word, kind that of the wallet's journal.
    """
    bank.collect_from_wallet(
        key=derived_id(case_id, kind),
        kind=kind,
        wallet_id=wallet_id,
        dues=[*as_credits([(bank.AccountKind.INSURER_FLOAT, insurer_key, amount)]), *dues],
        subject=subject,
        actor=actor,
    )
    keep_safe(case_id, -amount, insurer_key, subject, actor)
    moves = [(FLOAT_ASSET, insurer_key, -amount), (INCURRED, insurer_key, amount)]
    at = post(case_id, "claim_recovered", moves, subject, actor)
    registers.keep_recovered(
        what,
        amount,
        cause_id=case_id,
        subject=subject,
        insurer_key=insurer_key,
        kinds=("claim_recovered", kind, "claims_money_moved"),
        at=at,
        actor=actor,
    )
