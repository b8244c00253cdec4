"""What becomes of an open cover over its year: suspended, given notice, ended, adjusted."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from insurance.money.books import deposits
from insurance.money.books.service import Split
from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import War
from insurance.trade.open_cover import months, queries, rules
from insurance.trade.open_cover.errors import (
    NotAdjustable,
    NoticeRunning,
    OpenCoverNotActive,
    OpenCoverUnknown,
)
from insurance.trade.open_cover.holding import check_part, held, held_by, move, note
from insurance.trade.open_cover.models import OpenCover
from insurance.trade.open_cover.queries import OpenCoverView
from insurance.trade.open_cover.rules import RUNNING, Agreed, State, Year
from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import command
from kernel.ids import derived_id
from kernel.money import Money


@command("insurance.open_cover.give_notice")
def give_notice(*, ref: str, is_war: bool, actor: Actor) -> OpenCoverView:
    """End a cover, or its war cover alone, after the days that its terms say.

    What leaves by the last day stays insured. Holder and underwriter may do so alike.
    Locks: the cover. Events: OpenCoverNews. Raises: OpenCoverUnknown, OpenCoverNotActive,
    NoticeRunning.
    """
    row = held(ref)
    is_holder = row.owner_id == actor.person_id
    if not is_holder and Role.UNDERWRITER not in actor.roles:
        raise OpenCoverUnknown
    if row.state not in RUNNING:
        raise OpenCoverNotActive
    agreed = _agreed(row)
    days = agreed.war_notice_days if is_war else agreed.notice_days
    last = clock.today() + timedelta(days=days)
    assert row.ends_on is not None, "a running cover has its days"
    stands = min(row.war_until or row.ends_on, row.ends_on) if is_war else row.ends_on
    if last >= stands or (is_war and agreed.war is not War.WAR_STRIKES):
        raise NoticeRunning
    if is_war:
        row.war_until = last
    else:
        row.ends_on = last
    data = {"by": "holder" if is_holder else "insurer", "last": last.isoformat()}
    note(row, "war_notice" if is_war else "notice", data, actor)
    return queries.view(row)


@command("insurance.open_cover.mind")
def mind(*, ref: str, actor: Actor) -> OpenCoverView:
    """Let a day do what it does: suspend what is overdue, end what is over, tell of a month.

    In the last month of its year a holder is told to renew.

    Twice on one day is once. Locks: the cover. Events: OpenCoverNews. Raises: OpenCoverUnknown.
    """
    row = held(ref)
    if row.state not in RUNNING:
        return queries.view(row)
    today = clock.today()
    _tell_of_month(row, actor)
    assert row.ends_on is not None, "a running cover has its days"
    overdue = queries.overdue_of(row, today)
    if row.ends_on < today:
        row.state = State.ENDED
        note(row, "ended", {}, actor)
        return queries.view(row)
    if rules.is_reminded(_agreed(row), row.ends_on, today) and not queries.is_noted(row, "ending"):
        note(row, "ending", {"last": row.ends_on.isoformat()}, actor)
    if row.state == State.ACTIVE and overdue:
        row.state = State.SUSPENDED
        note(row, "suspended", {"overdue": overdue.minor}, actor)
    return queries.view(row)


@command("insurance.open_cover.take_orders")
def take_orders(*, ref: str, least: Money | None, actor: Actor) -> OpenCoverView:
    """Declare what its holder buys here for a business from now on, from a value on; None for no.

    Locks: the cover. Raises: OpenCoverUnknown, OpenCoverNotActive.
    """
    row = held_by(ref, actor)
    if row.state not in RUNNING:
        raise OpenCoverNotActive
    row.orders_from = least.minor if least is not None else None
    if least is None:
        note(row, "orders_off", {}, actor, tells=False)
    else:
        note(row, "orders_on", {"least": least.minor}, actor, tells=False)
    return queries.view(row)


@command("insurance.open_cover.state_turnover")
def state_turnover(*, ref: str, turnover: Money, actor: Actor) -> OpenCoverView:
    """Say what was shipped in the year, declared or not.

    Locks: the cover. Raises: OpenCoverUnknown, NotAdjustable.
    """
    row = held_by(ref, actor)
    _check_adjustable(row)
    row.turnover = turnover.minor
    note(row, "turnover", {"turnover": turnover.minor}, actor, tells=False)
    return queries.view(row)


@command("insurance.open_cover.adjust")
def adjust(*, ref: str, turnover: Money, actor: Actor) -> OpenCoverView:
    """Settle the year by its turnover: charge what was not declared, give the deposit's rest back.

    Locks: the cover, the wallet's account. Events: OpenCoverNews. Raises: OpenCoverUnknown,
    OpenCoverOwnRisk, NotAdjustable.
    """
    row = held(ref)
    check_part(row, actor)
    _check_adjustable(row)
    agreed, year = _agreed(row), queries.year_of(row.id, row.currency)
    found = rules.adjustment(agreed, year, turnover)
    assert row.insurer_key is not None, "what was accepted has an insurer"
    split = _split(agreed, year, found.net, insurer_key=row.insurer_key)
    if split.gross:
        _charge(row, agreed, split, actor)
    rest = Money(row.deposit, row.currency)
    if rest:
        _give_back(row, rest, actor)
    row.turnover, row.adjusted_at = turnover.minor, clock.now()
    data = {
        "turnover": turnover.minor,
        "by_turnover": found.by_turnover.minor,
        "by_least": found.by_least.minor,
        "tax": split.tax.minor,
        "back": rest.minor,
    }
    note(row, "adjusted", data, actor)
    return queries.view(row)


def _agreed(row: OpenCover) -> Agreed:
    assert row.terms is not None, "what was accepted has terms"
    return rules.agreed_from(row.terms)


def _check_adjustable(row: OpenCover) -> None:
    is_over = row.state == State.ENDED and row.accepted_at is not None
    if not is_over or row.adjusted_at is not None:
        raise NotAdjustable


def _tell_of_month(row: OpenCover, actor: Actor) -> None:
    """Let the holder hear of last month's bordereau, once, where anything stands in it."""
    last = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    if row.told_until is not None and row.told_until >= last:
        return
    if not months.bordereau(queries.view(row), last).is_empty:
        note(row, "bordereau", {"month": f"{last:%Y-%m}"}, actor)
    row.told_until = last


def _split(agreed: Agreed, year: Year, net: Money, *, insurer_key: str) -> Split:
    """Return an additional premium by owner.

    Without any declaration to tax it by it is taxed as trade across the border.
    """
    of = tariff.shop_tariff_on(clock.today(), insurer_key=insurer_key)
    row = of.tax_row(rules.across_the_border(agreed, clock.today()), tariff.Section.LOSS)
    return Split(
        net=net,
        commission=net.times(of.commission_pct / 100),
        tax=rules.tax_of(net, year, row.rate_pct if row is not None else Fraction(0)),
        country=agreed.country,
    )


def _charge(row: OpenCover, agreed: Agreed, split: Split, actor: Actor) -> None:
    assert row.insurer_key is not None, "what was accepted has an insurer"
    from_deposit = min(split.gross, Money(row.deposit, row.currency))
    deposits.premium_drawn(
        policy_id=derived_id(row.id, "adjustment"),
        subject=row.ref,
        ref=row.ref,
        split=split,
        from_deposit=from_deposit,
        insurer_key=row.insurer_key,
        actor=actor,
    )
    owed = split.gross - from_deposit
    due = rules.due_on(clock.today(), agreed.payment_days) if owed else None
    move(row, "adjusted", row.ref, deposit=-from_deposit, owed=owed, due=due)


def _give_back(row: OpenCover, rest: Money, actor: Actor) -> None:
    assert row.wallet_id is not None, "what was accepted has a wallet"
    deposits.deposit_returned(
        key=derived_id(row.id, "rest"),
        ref=row.ref,
        amount=rest,
        wallet_id=row.wallet_id,
        actor=actor,
    )
    move(row, "returned", row.ref, deposit=-rest)
