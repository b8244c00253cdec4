"""What a holder gives back of an indemnity because others paid the same loss, in both books."""

from __future__ import annotations

from uuid import UUID

from banking import api as bank
from insurance.money.books import registers
from insurance.money.books.posting import FLOAT_ASSET, INCURRED, INSURER_MONEY, as_credits, post
from kernel.actor import Actor
from kernel.db import command
from kernel.ids import derived_id
from kernel.money import Money

_RETURNED_BY = ("claim_recovered", "overpayment_returned", "claims_money_moved")


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
    """Bring a part of an indemnity back into the insurer's claims money; the claim cost less.

    The money leaves where customers' is kept safe for the account of insurers' money.
    Locks: the wallet's account. Raises: InsufficientFunds, AccountFrozen.
    """
    bank.collect_from_wallet(
        key=derived_id(case_id, "overpayment_returned"),
        kind="overpayment_returned",
        wallet_id=wallet_id,
        dues=as_credits([(bank.AccountKind.INSURER_FLOAT, insurer_key, amount)]),
        subject=subject,
        actor=actor,
    )
    moves = [
        (bank.AccountKind.SAFEGUARDING_BANK, "house", amount),
        (INSURER_MONEY, insurer_key, -amount),
    ]
    post(case_id, "claims_money_moved", moves, subject, actor)
    moves = [(FLOAT_ASSET, insurer_key, -amount), (INCURRED, insurer_key, amount)]
    at = post(case_id, "claim_recovered", moves, subject, actor)
    registers.keep_recovered(
        "overpaid",
        amount,
        cause_id=case_id,
        subject=subject,
        insurer_key=insurer_key,
        kinds=_RETURNED_BY,
        at=at,
        actor=actor,
    )
