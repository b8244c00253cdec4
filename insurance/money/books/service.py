"""Journals of cover: every event once in the platform's book and once in the insurer's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import text

from banking import api as bank
from insurance.money.books import registers
from insurance.money.books.errors import FloatShort
from insurance.money.books.posting import (
    ACQUISITION,
    ACQUISITION_DEFERRED,
    CASE_RESERVE,
    CASH,
    EARNED,
    FLOAT_ASSET,
    INCURRED,
    INSURER_MONEY,
    PAYABLE,
    PREMIUM_DUE,
    UNEARNED,
    Move,
    as_credits,
    as_debits,
    keep_safe,
    post,
)
from insurance.money.books.rules import (
    Insurer,
    Split,
    first_insurer,
    insurer,
    insurer_for,
    insurers,
)
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import derived_id
from kernel.money import Money

__all__ = ["Insurer", "Split", "first_insurer", "insurer", "insurer_for", "insurers"]

# Journals of one event, the insurer's first.
_PAID_BY = ("claim_settled", "claim_paid_out", "claims_money_moved")
_SALVAGED_BY = ("salvage_booked", "salvage_received")


def _agency(split: Split, insurer_key: str) -> list[Move]:
    return [
        (bank.AccountKind.PREMIUM_PAYABLE, insurer_key, split.insurers_share),
        (bank.AccountKind.AGENCY_COMMISSION_DEFERRED, insurer_key, split.commission),
        (bank.AccountKind.PREMIUM_TAX_PAYABLE, split.country, split.tax),
    ]


def _unearned(split: Split, insurer_key: str) -> list[Move]:
    return [
        (PREMIUM_DUE, insurer_key, -split.insurers_share),
        (ACQUISITION_DEFERRED, insurer_key, -split.commission),
        (UNEARNED, insurer_key, split.net),
    ]


def _back(moves: Iterable[Move]) -> list[Move]:
    return [(kind, key, -amount) for kind, key, amount in moves]


def premium_credits(*, split: Split, insurer_key: str, memo: str) -> list[bank.Credit]:
    """Return the credits of J1 in the platform's book; the debit is the payer's journal."""
    return as_credits(_agency(split, insurer_key), memo)


def premium_debits(*, split: Split, insurer_key: str) -> list[bank.Debit]:
    """Return the debits of J3 in the platform's book; the credits say who gets it back."""
    return as_debits(_agency(split, insurer_key))


@command("insurance.books.premium_written")
def premium_written(
    *, policy_id: UUID, subject: str, split: Split, insurer_key: str, actor: Actor
) -> None:
    """J1 in the insurer's book: premium due, acquisition deferred, all of it unearned."""
    at = post(policy_id, "premium_written", _unearned(split, insurer_key), subject, actor)
    registers.keep_premium(
        what="written",
        cause_id=policy_id,
        subject=subject,
        insurer_key=insurer_key,
        split=split,
        keys=[derived_id(policy_id, "premium_written")],
        at=at,
    )


@command("insurance.books.premium_added")
def premium_added(
    *,
    change_id: UUID,
    subject: str,
    added: Split,
    insurer_key: str,
    wallet_id: UUID,
    actor: Actor,
) -> None:
    """J2: what a change of a policy costs more, out of a wallet into both books.

    The wallet's limits count it. Raises: InsufficientFunds, AccountFrozen, DailyLimit,
    MonthlyLimit, OwnerDailyLimit, OwnerMonthlyLimit, LimitsUnavailable.
    """
    bank.spend_from_wallet(
        key=derived_id(change_id, "premium_added"),
        kind="premium_added",
        wallet_id=wallet_id,
        dues=as_credits(_agency(added, insurer_key)),
        subject=subject,
        actor=actor,
    )
    at = post(change_id, "premium_written", _unearned(added, insurer_key), subject, actor)
    registers.keep_premium(
        what="added",
        cause_id=change_id,
        subject=subject,
        insurer_key=insurer_key,
        split=added,
        keys=[derived_id(change_id, kind) for kind in ("premium_written", "premium_added")],
        at=at,
    )


@command("insurance.books.premium_returned")
def premium_returned(
    *,
    cause_id: UUID,
    subject: str,
    back: Split,
    insurer_key: str,
    wallet_id: UUID,
    actor: Actor,
    vendor_id: UUID | None = None,
) -> None:
    """J3 and the first half of J4: give premium and tax back, in both books; once for a cause.

    The cause is a policy that ends, or a change that costs less. Of a wallet that its owner closed
    meanwhile the money waits beside it. To a vendor it goes as `_pay` says.
    """
    if not back.gross:
        return
    _pay(
        key=derived_id(cause_id, "premium_refunded"),
        kind="premium_refunded",
        sources=premium_debits(split=back, insurer_key=insurer_key),
        taker=(wallet_id, vendor_id),
        subject=subject,
        actor=actor,
    )
    premium_unwritten(
        cause_id=cause_id, subject=subject, back=back, insurer_key=insurer_key, actor=actor
    )


@command("insurance.books.premium_unwritten")
def premium_unwritten(
    *, cause_id: UUID, subject: str, back: Split, insurer_key: str, actor: Actor
) -> None:
    """J3 in the insurer's book, and its line of the register; whoever calls books the other side.

    Shape: the journal in the platform's book stands under the cause's key of `premium_refunded`.
    """
    moves = _back(_unearned(back, insurer_key))
    at = post(cause_id, "premium_returned", moves, subject, actor)
    registers.keep_premium(
        what="returned",
        cause_id=cause_id,
        subject=subject,
        insurer_key=insurer_key,
        split=back.turned,
        keys=[derived_id(cause_id, kind) for kind in ("premium_returned", "premium_refunded")],
        at=at,
    )


@command("insurance.books.premium_earned")
def premium_earned(
    *,
    policy_id: UUID,
    subject: str,
    earned: Split,
    by_days: tuple[Money, Money],
    insurer_key: str,
    actor: Actor,
) -> None:
    """J5 and the second half of J4: what no refund can reach any more is earned, in both books.

    Shape: by_days are premium and cost that `day_earned` booked already in the insurer's book.
    """
    commission = earned.commission
    net_left, cost_left = earned.net - by_days[0], commission - by_days[1]
    post(
        policy_id,
        "commission_earned",
        [
            (bank.AccountKind.AGENCY_COMMISSION_DEFERRED, insurer_key, -commission),
            (bank.AccountKind.AGENCY_COMMISSION, insurer_key, commission),
        ],
        subject,
        actor,
    )
    post(
        policy_id,
        "premium_earned",
        [
            (UNEARNED, insurer_key, -net_left),
            (EARNED, insurer_key, net_left),
            (ACQUISITION, insurer_key, -cost_left),
            (ACQUISITION_DEFERRED, insurer_key, cost_left),
        ],
        subject,
        actor,
    )


@command("insurance.books.claim_reserved")
def claim_reserved(
    *, claim_id: UUID, subject: str, reserve: Money, insurer_key: str, actor: Actor
) -> None:
    """J7: what a claim will probably cost."""
    moves = [(INCURRED, insurer_key, -reserve), (CASE_RESERVE, insurer_key, reserve)]
    at = post(claim_id, "claim_reserved", moves, subject, actor)
    registers.keep_claim(
        registers.ClaimMove(
            what="reserved",
            cause_id=claim_id,
            subject=subject,
            insurer_key=insurer_key,
            reserve=(Money.zero(reserve.currency), reserve),
            changes={},
            keys=[derived_id(claim_id, "claim_reserved")],
            at=at,
        ),
        actor,
    )


@command("insurance.books.claim_approved")
def claim_approved(
    *,
    claim_id: UUID,
    subject: str,
    reserve: Money,
    payable: Money,
    insurer_key: str,
    actor: Actor,
) -> None:
    """J8: the reserve becomes what is owed; the difference is incurred. Without reserve, J11."""
    moves = [
        (CASE_RESERVE, insurer_key, -reserve),
        (INCURRED, insurer_key, reserve - payable),
        (PAYABLE, insurer_key, payable),
    ]
    at = post(claim_id, "claim_approved", moves, subject, actor)
    registers.keep_claim(
        registers.ClaimMove(
            what="approved",
            cause_id=claim_id,
            subject=subject,
            insurer_key=insurer_key,
            reserve=(reserve, Money.zero(payable.currency)),
            changes={"owed": payable},
            keys=[derived_id(claim_id, "claim_approved")],
            at=at,
        ),
        actor,
    )


@command("insurance.books.claim_released")
def claim_released(
    *, claim_id: UUID, subject: str, reserve: Money, insurer_key: str, actor: Actor
) -> None:
    """J10: nothing is due, so the reserve is given up."""
    moves = [(CASE_RESERVE, insurer_key, -reserve), (INCURRED, insurer_key, reserve)]
    at = post(claim_id, "claim_released", moves, subject, actor)
    registers.keep_claim(
        registers.ClaimMove(
            what="released",
            cause_id=claim_id,
            subject=subject,
            insurer_key=insurer_key,
            reserve=(reserve, Money.zero(reserve.currency)),
            changes={},
            keys=[derived_id(claim_id, "claim_released")],
            at=at,
        ),
        actor,
    )


@command("insurance.books.claim_paid")
def claim_paid(
    *,
    claim_id: UUID,
    subject: str,
    payable: Money,
    insurer_key: str,
    wallet_id: UUID,
    actor: Actor,
    vendor_id: UUID | None = None,
) -> None:
    """J9: out of the insurer's claims money into the wallet, in both books.

    The money itself leaves the account of insurers' money for where customers' is kept safe.
    Of a wallet that its owner closed meanwhile the money waits beside it; to a vendor it goes as
    `_pay` says. Locks: the insurer's claims money in this currency. Raises: FloatShort.
    """
    _lock_float(insurer_key, payable.currency)
    available = float_of(insurer_key=insurer_key, currency=payable.currency)
    if payable > available:
        raise FloatShort(available=available, needed=payable)
    _pay(
        key=derived_id(claim_id, "claim_paid_out"),
        kind="claim_paid_out",
        sources=as_debits([(bank.AccountKind.INSURER_FLOAT, insurer_key, payable)]),
        taker=(wallet_id, vendor_id),
        subject=subject,
        actor=actor,
    )
    keep_safe(claim_id, payable, insurer_key, subject, actor)
    nothing = Money.zero(payable.currency)
    moves = [(PAYABLE, insurer_key, -payable), (FLOAT_ASSET, insurer_key, payable)]
    at = post(claim_id, "claim_settled", moves, subject, actor)
    registers.keep_claim(
        registers.ClaimMove(
            what="paid",
            cause_id=claim_id,
            subject=subject,
            insurer_key=insurer_key,
            reserve=(nothing, nothing),
            changes={"owed": -payable, "paid": payable},
            keys=[derived_id(claim_id, kind) for kind in _PAID_BY],
            at=at,
        ),
        actor,
    )


@command("insurance.books.salvage_received")
def salvage_received(
    *, case_id: UUID, subject: str, salvage: Money, insurer_key: str, actor: Actor
) -> None:
    """J12 for found goods: what they brought lowers what the claim cost."""
    moves = [
        (INSURER_MONEY, insurer_key, -salvage),
        (bank.AccountKind.INSURER_FLOAT, insurer_key, salvage),
    ]
    post(case_id, "salvage_received", moves, subject, actor)
    moves = [(FLOAT_ASSET, insurer_key, -salvage), (INCURRED, insurer_key, salvage)]
    at = post(case_id, "salvage_booked", moves, subject, actor)
    registers.keep_recovered(
        "salvaged",
        salvage,
        cause_id=case_id,
        subject=subject,
        insurer_key=insurer_key,
        kinds=_SALVAGED_BY,
        at=at,
        actor=actor,
    )


@command("insurance.books.fund_float")
def fund_float(*, amount: Money, insurer_key: str, key: UUID, actor: Actor) -> None:
    """J0: the insurer places claims money with the platform; the same key places it once."""
    assert amount.minor > 0, "a float is paid in"
    moves = [
        (INSURER_MONEY, insurer_key, -amount),
        (bank.AccountKind.INSURER_FLOAT, insurer_key, amount),
    ]
    post(key, "float_received", moves, insurer_key, actor)
    moves = [(FLOAT_ASSET, insurer_key, -amount), (CASH, insurer_key, amount)]
    post(key, "float_placed", moves, insurer_key, actor)


def float_of(*, insurer_key: str, currency: str) -> Money:
    """Return the claims money that the platform holds for an insurer."""
    return bank.house_balance(
        kind=bank.AccountKind.INSURER_FLOAT, currency=currency, key=insurer_key
    )


def _pay(
    *,
    key: UUID,
    kind: str,
    taker: tuple[UUID, UUID | None],
    sources: Sequence[bank.Debit],
    subject: str,
    actor: Actor,
) -> None:
    """Pay into a wallet, or to a vendor: what it owes the house comes off first.

    Shape: taker is the wallet, and the vendor where the policy is paid out of a vendor's sales.
    """
    wallet_id, vendor_id = taker
    if vendor_id is None:
        bank.pay_to_wallet(
            key=key, kind=kind, wallet_id=wallet_id, sources=sources, subject=subject, actor=actor
        )
        return
    bank.credit_vendor(
        key=key, kind=kind, vendor_id=vendor_id, sources=sources, subject=subject, actor=actor
    )


def _lock_float(insurer_key: str, currency: str) -> None:
    # House accounts have no floor and no row lock; two payments must still not spend one float.
    session().execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"insurance.float:{insurer_key}:{currency}"},
    )
