"""Journals of open covers: deposits, premium drawn from them, and premium that is owed.

A deposit is its holder's until premium is written against it, so it stands in the platform's book
alone. What it does not suffice for is owed to the platform, which owes the insurer its premium at
once: both books agree whoever has paid. Accounts of the house have no floor; whoever calls holds
the cover and knows what it has.
"""

from __future__ import annotations

from uuid import UUID

from banking import api as bank
from insurance.money.books import service as books
from insurance.money.books.posting import as_credits, as_debits
from insurance.money.books.rules import Split
from insurance.money.books.service import premium_credits, premium_debits
from kernel.actor import Actor
from kernel.db import command
from kernel.ids import derived_id
from kernel.money import Money
from kernel.text import N_

DEPOSITS = "open_cover_deposits"
OWED = "open_cover_premium_owed"
_NAMES = {
    DEPOSITS: N_("Open covers: deposits"),
    OWED: N_("Open covers: premium owed"),
}
bank.register_account_kinds(dict.fromkeys(_NAMES, bank.Discipline.HOUSE), _NAMES)


@command("insurance.books.deposit_paid")
def deposit_paid(*, key: UUID, ref: str, amount: Money, wallet_id: UUID, actor: Actor) -> None:
    """Take a deposit from a wallet; the same key takes it once.

    The wallet's limits count it. Shape: ref names the open cover, here and in the other journals.
    Raises: as `bank.spend_from_wallet`.
    """
    _spend(key, "open_cover_deposited", DEPOSITS, ref, amount, wallet_id, actor)


@command("insurance.books.owed_paid")
def owed_paid(*, key: UUID, ref: str, amount: Money, wallet_id: UUID, actor: Actor) -> None:
    """Take premium that is owed from a wallet, whose limits count it; the same key takes it once.

    Raises: as `bank.spend_from_wallet`.
    """
    _spend(key, "open_cover_paid", OWED, ref, amount, wallet_id, actor)


@command("insurance.books.premium_drawn")
def premium_drawn(
    *,
    policy_id: UUID,
    subject: str,
    ref: str,
    split: Split,
    from_deposit: Money,
    insurer_key: str,
    actor: Actor,
) -> None:
    """J1 under an open cover: out of its deposit, the rest owed, in both books and the register.

    Shape: policy_id and subject name what the premium is for.
    """
    assert from_deposit <= split.gross, "nothing is drawn beyond the premium"
    key = derived_id(policy_id, "premium")
    given = [(DEPOSITS, ref, from_deposit), (OWED, ref, split.gross - from_deposit)]
    dues = premium_credits(split=split, insurer_key=insurer_key, memo=subject)
    bank.book(
        key=key,
        kind="open_cover_insured",
        lines=[*as_debits(given), *dues],
        subject=subject,
        actor=actor,
    )
    books.premium_written(
        policy_id=policy_id,
        subject=subject,
        split=split,
        insurer_key=insurer_key,
        actor=actor,
    )


@command("insurance.books.premium_withdrawn")
def premium_withdrawn(
    *,
    policy_id: UUID,
    subject: str,
    ref: str,
    back: Split,
    off_owed: Money,
    insurer_key: str,
    actor: Actor,
) -> None:
    """J3 under an open cover: against what is owed, the rest into its deposit; once for a policy.

    Nothing of it reaches a wallet: what was only owed would be paid out. Shape: as `premium_drawn`.
    """
    assert off_owed <= back.gross, "nothing comes back beyond the premium"
    taken = [(OWED, ref, off_owed), (DEPOSITS, ref, back.gross - off_owed)]
    bank.book(
        key=derived_id(policy_id, "premium_refunded"),
        kind="open_cover_withdrawn",
        lines=[*premium_debits(split=back, insurer_key=insurer_key), *as_credits(taken)],
        subject=subject,
        actor=actor,
    )
    books.premium_unwritten(
        cause_id=policy_id,
        subject=subject,
        back=back,
        insurer_key=insurer_key,
        actor=actor,
    )


@command("insurance.books.deposit_returned")
def deposit_returned(*, key: UUID, ref: str, amount: Money, wallet_id: UUID, actor: Actor) -> None:
    """Give back what is left of a deposit, into the wallet or beside one that was closed."""
    bank.pay_to_wallet(
        key=key,
        kind="open_cover_returned",
        wallet_id=wallet_id,
        sources=as_debits([(DEPOSITS, ref, amount)]),
        subject=ref,
        actor=actor,
    )


def standing() -> tuple[dict[str, Money], dict[str, Money]]:
    """Return what the ledger holds of each cover's deposit, and what is owed under each."""
    held = {one.account.key: one.posted for one in bank.balances_of_kind(kind=DEPOSITS)}
    owed = {one.account.key: -one.posted for one in bank.balances_of_kind(kind=OWED)}
    return held, owed


def _spend(
    key: UUID, kind: str, account: str, ref: str, amount: Money, wallet_id: UUID, actor: Actor
) -> None:
    bank.spend_from_wallet(
        key=key,
        kind=kind,
        wallet_id=wallet_id,
        dues=[bank.Credit(account, amount, ref)],
        subject=ref,
        actor=actor,
    )
