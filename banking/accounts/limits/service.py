"""Commands on limits: count what is spent, choose one's own, follow the tier, free what waits.

Counting is further legs of the journal that pays: same call, same locks, so that nobody overtakes
it; where it cannot be counted, it is not paid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from banking.accounts.limits import queries, rules
from banking.accounts.limits.errors import (
    AboveTier,
    DailyLimit,
    LimitsUnavailable,
    MonthlyLimit,
    OwnerDailyLimit,
    OwnerMonthlyLimit,
    PayeeLimit,
    TierCeiling,
)
from banking.accounts.limits.models import Allowance, OwnerAllowance, OwnLimit
from banking.accounts.limits.rules import Period, TierLimits
from banking.accounts.parties import queries as parties
from banking.accounts.parties import service as customers
from banking.core.ledger import service as ledger
from banking.core.ledger.errors import AccountUnknown, CeilingReached
from banking.core.ledger.service import AccountKind, AccountRef, Ceiling, JournalView, Leg
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.errors import LimitExceeded, NotFound
from kernel.ids import derived_id, new_id
from kernel.money import Money

_KINDS = {
    Period.DAY: AccountKind.LIMIT_DAY,
    Period.MONTH: AccountKind.LIMIT_MONTH,
    Period.PAYEE: AccountKind.LIMIT_PAYEE,
}
_OWNER_KINDS = {
    Period.DAY: AccountKind.LIMIT_OWNER_DAY,
    Period.MONTH: AccountKind.LIMIT_OWNER_MONTH,
}
_REFUSALS: dict[str, tuple[type[LimitExceeded], Period]] = {
    AccountKind.LIMIT_DAY: (DailyLimit, Period.DAY),
    AccountKind.LIMIT_MONTH: (MonthlyLimit, Period.MONTH),
    AccountKind.LIMIT_PAYEE: (PayeeLimit, Period.PAYEE),
    AccountKind.LIMIT_OWNER_DAY: (OwnerDailyLimit, Period.DAY),
    AccountKind.LIMIT_OWNER_MONTH: (OwnerMonthlyLimit, Period.MONTH),
}
_LOCK_WALLET = text(
    "SELECT ceiling - posted AS room FROM banking.ledger_accounts WHERE kind = 'wallet'"
    " AND key = :key AND currency = :currency AND status & 6 = 0 FOR UPDATE"
)
_SUSPENSE = text(
    "SELECT a.posted, (SELECT max(e.id) FROM banking.entries e WHERE e.account_id = a.id) AS last"
    " FROM banking.ledger_accounts a"
    " WHERE a.kind = 'wallet_suspense' AND a.key = :key AND a.currency = :currency"
)
_ROOM = text(
    "SELECT a.ceiling, a.posted, w.owner_kind FROM banking.ledger_accounts a"
    " JOIN banking.allowances w ON CAST(w.wallet_id AS text) = a.key AND w.period = 'day'"
    " WHERE a.kind = 'wallet' AND a.key = :key AND a.currency = :currency"
)


def legs_for(*, wallet: AccountRef, amount: Money, payee: str = "") -> list[Leg]:
    """Return the legs that count a payment against its limits; they join the journal that pays.

    It counts against the wallet's own, in its currency, and against its owner's, in euro.

    Shape: payee names who gets the money where that is limited, empty where it is not. Post the
    journal inside `explained()`, or let `spend` do both. Raises: LimitsUnavailable.
    """
    assert amount.minor > 0, "what is spent is counted"
    today = clock.today()
    periods = [Period.DAY, Period.MONTH, *([Period.PAYEE] if payee else [])]
    counted = [
        Leg(_account(wallet, period, rules.window(period, today), payee), amount)
        for period in periods
    ]
    control = AccountRef.house(AccountKind.LIMIT_CONTROL, amount.currency)
    return [
        *counted,
        Leg(control, -amount.times(len(counted))),
        *_together(wallet, queries.in_euro(amount), today),
    ]


def _together(wallet: AccountRef, amount: Money, today: date) -> list[Leg]:
    owner_id = queries.owner_of(wallet_id=UUID(wallet.key))
    if owner_id is None:
        raise LimitsUnavailable
    counted = [
        Leg(AccountRef(kind, f"{owner_id}:{rules.window(period, today)}", "EUR"), amount)
        for period, kind in _OWNER_KINDS.items()
    ]
    control = AccountRef.house(AccountKind.LIMIT_CONTROL, "EUR", key="owners")
    return [*counted, Leg(control, -amount.times(len(counted)))]


@contextmanager
def explained() -> Iterator[None]:
    """Say a refusal of a limit's account in the words of limits; counting that fails pays nothing.

    Raises: DailyLimit, MonthlyLimit, PayeeLimit, OwnerDailyLimit, OwnerMonthlyLimit,
    LimitsUnavailable.
    """
    try:
        yield
    except CeilingReached as reached:
        refusal = _REFUSALS.get(str(reached.data["kind"]))
        if refusal is None:
            raise
        error, period = refusal
        resets_on = rules.resets_on(period, clock.today())
        raise error(
            left=reached.data["room"],
            resets_on=resets_on,
            retry_after=rules.seconds_until(resets_on, clock.now()),
        ) from reached
    except AccountUnknown as unknown:
        if unknown.data.get("kind") not in _REFUSALS:
            raise
        raise LimitsUnavailable from unknown


def spend(
    *,
    key: UUID,
    kind: str,
    wallet: AccountRef,
    amount: Money,
    legs: Sequence[Leg],
    subject: str,
    actor: Actor,
    payee: str = "",
) -> JournalView:
    """Book a payment out of a wallet and count it, in one call of the posting function.

    Shape: legs are the whole payment, the wallet's among them.
    Locks: the accounts of the legs and of the limits, in id order.
    Raises: DailyLimit, MonthlyLimit, PayeeLimit, LimitsUnavailable, as ledger.post.
    """
    counted = legs_for(wallet=wallet, amount=amount, payee=payee)
    with explained():
        return ledger.post(key=key, kind=kind, legs=[*legs, *counted], subject=subject, actor=actor)


@command("banking.limits.admit")
def admit(
    *, wallet_id: UUID, owner_id: UUID, owner_kind: str, currency: str, actor: Actor
) -> Money | None:
    """Give a new wallet its allowances; return what it may hold, None without end.

    Locks: the owner's customer row, so that a tier granted meanwhile counts.
    """
    allowed = _allowed(owner_id, owner_kind, currency)
    of_wallet = {
        "wallet_id": wallet_id,
        "currency": currency,
        "owner_id": owner_id,
        "owner_kind": owner_kind,
        "applied_at": clock.now(),
    }
    # Two openings at once: the second waits here for the first and finds its rows.
    session().execute(
        insert(Allowance).on_conflict_do_nothing(),
        [
            of_wallet | {"period": period, "amount_minor": amount.minor}
            for period, amount in allowed.spends.items()
        ],
    )
    together = _allowed(owner_id, owner_kind, "EUR")
    of_owner = {"owner_id": owner_id, "owner_kind": owner_kind, "applied_at": clock.now()}
    session().execute(
        insert(OwnerAllowance).on_conflict_do_nothing(),
        [
            of_owner | {"period": period, "amount_minor": together.spends[period].minor}
            for period in _OWNER_KINDS
        ],
    )
    return allowed.holds


@command("banking.limits.follow_tier")
def follow_tier(*, owner_id: UUID, actor: Actor) -> list[Money]:
    """Bring an owner's wallets to what tier and own limits allow now; return what was freed.

    Locks: the customer, the allowances by wallet, the owner's, then accounts in id order, the
    owner's windows first, then wallet by wallet.
    """
    query = (
        select(Allowance)
        .where(Allowance.owner_id == owner_id)
        .order_by(Allowance.wallet_id, Allowance.period)
        .with_for_update()
    )
    rows = list(session().execute(query).scalars())
    own = queries.own_choices(owner_id=owner_id)
    _apply_together(owner_id, actor)
    freed = []
    for _, group in groupby(rows, key=lambda row: row.wallet_id):
        wallet = list(group)
        _apply(wallet, own, actor)
        freed.append(_free(AccountRef.wallet(wallet[0].wallet_id, wallet[0].currency), actor))
    return [amount for amount in freed if amount]


@command("banking.limits.vouch")
def vouch(*, owner_id: UUID, words: str, actor: Actor) -> None:
    """Take a customer as known with documents because somebody of the house says so, in words.

    Locks: as follow_tier. Raises: CustomerUnknown.
    """
    if customers.grant_tier(
        owner_id=owner_id, tier=2, basis="vouched", evidence=words, actor=actor
    ):
        follow_tier(owner_id=owner_id, actor=actor)


@command("banking.limits.choose")
def choose(
    *, owner_id: UUID, wallet_id: UUID, period: Period, amount: Money, actor: Actor
) -> queries.OwnChoice:
    """Set one's own limit: a lower one counts at once, a higher one after a wait.

    Locks: as follow_tier. Raises: NotFound, AboveTier.
    """
    row = session().get(Allowance, (wallet_id, period), with_for_update=True)
    if row is None or row.owner_id != owner_id:
        raise NotFound
    _check_tier(row, amount)
    now = clock.now()
    at = rules.takes_effect_at(
        asked=amount,
        present=Money(row.amount_minor, row.currency),
        now=now,
        wait=queries.wait_for_raise(),
    )
    session().add(
        OwnLimit(
            id=new_id(),
            wallet_id=wallet_id,
            period=period,
            amount_minor=amount.minor,
            asked_at=now,
            effective_at=at,
            asked_by=actor.person_id,
        )
    )
    session().flush()
    follow_tier(owner_id=owner_id, actor=actor)
    return queries.own_choices(owner_id=owner_id)[wallet_id, period]


def check_tier(*, wallet_id: UUID, period: Period, amount: Money) -> None:
    """Refuse a limit above what the owner's tier allows. Raises: AboveTier."""
    _check_tier(session().get_one(Allowance, (wallet_id, period)), amount)


def _check_tier(row: Allowance, amount: Money) -> None:
    most = _allowed(row.owner_id, row.owner_kind, row.currency).spends[Period(row.period)]
    if amount > most:
        raise AboveTier(most=most)


@command("banking.limits.free_what_fits")
def free_what_fits(*, owner_id: UUID, wallet_id: UUID, actor: Actor) -> Money:
    """Move into a wallet what waits outside of it, as far as it fits; return how much that was.

    Locks: the wallet's account, then its suspense account. Raises: NotFound.
    """
    row = session().get(Allowance, (wallet_id, Period.DAY))
    if row is None or row.owner_id != owner_id:
        raise NotFound
    return _free(AccountRef.wallet(wallet_id, row.currency), actor)


def check_room(*, wallet: AccountRef, amount: Money) -> None:
    """Refuse what a wallet could not take in, before its owner goes to the trouble of bringing it.

    What arrives all the same waits outside of the wallet. Raises: TierCeiling.
    """
    row = session().execute(_ROOM, {"key": wallet.key, "currency": wallet.currency}).one_or_none()
    if row is None or row.ceiling is None or row.posted + amount.minor <= row.ceiling:
        return
    raise TierCeiling(
        holds=Money(row.ceiling, wallet.currency),
        room=Money(max(0, row.ceiling - row.posted), wallet.currency),
    )


def _account(wallet: AccountRef, period: Period, window: str, payee: str) -> AccountRef:
    key = f"{wallet.key}:{window}" + (f":{payee}" if period is Period.PAYEE else "")
    return AccountRef(_KINDS[period], key, wallet.currency)


def _allowed(owner_id: UUID, owner_kind: str, currency: str) -> TierLimits:
    tier = 2 if owner_kind == "house" else parties.tier_under_lock(owner_id=owner_id)
    return queries.tier_limits(kind=owner_kind, tier=tier, currency=currency)


def _apply(
    wallet: Sequence[Allowance], own: dict[tuple[UUID, Period], queries.OwnChoice], actor: Actor
) -> None:
    first = wallet[0]
    allowed = _allowed(first.owner_id, first.owner_kind, first.currency)
    today = clock.today()
    ceilings = [Ceiling(AccountKind.WALLET, str(first.wallet_id), allowed.holds)]
    for row in wallet:
        period = Period(row.period)
        chosen = own.get((row.wallet_id, period), queries.OwnChoice()).now
        mine = None if chosen is None else Money(chosen, row.currency)
        amount = rules.in_force(tier=allowed.spends[period], own=mine)
        row.amount_minor, row.applied_at = amount.minor, clock.now()
        key = f"{row.wallet_id}:{rules.window(period, today)}"
        ceilings.append(Ceiling(_KINDS[period], key, amount))
    session().flush()
    ledger.set_ceilings(ceilings=ceilings, currency=first.currency, actor=actor)


def _apply_together(owner_id: UUID, actor: Actor) -> None:
    query = select(OwnerAllowance).where(OwnerAllowance.owner_id == owner_id)
    rows = session().scalars(query.order_by(OwnerAllowance.period).with_for_update()).all()
    today = clock.today()
    ceilings: list[Ceiling] = []
    for row in rows:
        period = Period(row.period)
        amount = _allowed(owner_id, row.owner_kind, "EUR").spends[period]
        row.amount_minor, row.applied_at = amount.minor, clock.now()
        key = f"{owner_id}:{rules.window(period, today)}"
        ceilings.append(Ceiling(_OWNER_KINDS[period], key, amount))
    session().flush()
    ledger.set_ceilings(ceilings=ceilings, currency="EUR", actor=actor)


def _free(wallet: AccountRef, actor: Actor) -> Money:
    """Move what fits; a wallet that refuses credits keeps it waiting."""
    none = Money.zero(wallet.currency)
    where = {"key": wallet.key, "currency": wallet.currency}
    locked = session().execute(_LOCK_WALLET, where).one_or_none()
    parked = session().execute(_SUSPENSE, where).one_or_none()
    if locked is None or parked is None:
        return none
    room = None if locked.room is None else Money(locked.room, wallet.currency)
    amount = rules.to_release(waiting=Money(parked.posted, wallet.currency), room=room)
    if not amount:
        return none
    suspense = AccountRef(AccountKind.WALLET_SUSPENSE, wallet.key, wallet.currency)
    ledger.post(
        key=derived_id(UUID(wallet.key), f"freed after {parked.last}"),
        kind="waiting_freed",
        legs=[Leg(suspense, -amount), Leg(wallet, amount)],
        subject="",
        actor=actor,
    )
    return amount
