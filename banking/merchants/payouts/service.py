"""Commands on where, when and from how much on a vendor is paid."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.dialects.postgresql import insert

from banking.accounts.wallets import queries as wallets
from banking.authorisation.approvals import service as approvals
from banking.authorisation.approvals.service import Act, Approval, ResultPage
from banking.authorisation.payees import queries as payees
from banking.authorisation.payees.queries import NameCheck, Outcome, Target
from banking.core.rail import queries as rail
from banking.merchants.payouts import queries, rules
from banking.merchants.payouts.errors import (
    AccountIsHere,
    AccountKeyReused,
    BelowMinimum,
    NoPayoutAccount,
    PayoutUnknown,
)
from banking.merchants.payouts.events import PayoutAccountChanged, PayoutsHeld
from banking.merchants.payouts.models import PayoutAccount, PayoutPlan
from banking.merchants.payouts.queries import AccountView, Cadence, Schedule
from banking.transferring.transfers.errors import NameDiffers
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import command, in_command, session
from kernel.errors import Forbidden
from kernel.events import publish
from kernel.ids import new_id, public_ref
from kernel.money import Money

# What a plan begins with, until its vendor says otherwise: every Thursday.
_BEGINNING = Schedule(Cadence.WEEKLY, weekday=3)


def name_account(
    *,
    key: UUID,
    vendor_id: UUID,
    currency: str,
    account: Target,
    name: str,
    actor: Actor,
    whatever_name: bool = False,
) -> AccountView:
    """Name the account that payouts go to, once its holder's name is checked.

    Payouts go there when it is approved; the same key finds the same account.
    Raises: NameDiffers unless `whatever_name`, AccountIsHere, RailNotOffered, RailDoesNotReach,
    CountryNotReached, AccountKeyReused.
    """
    assert not in_command(), "another bank is not asked inside a transaction"
    if not account.account or wallets.is_ours(account.account):
        raise AccountIsHere
    check = payees.checked_name(account, name)
    if check.outcome is Outcome.NO_MATCH and not whatever_name:
        raise NameDiffers
    return keep_account(
        key=key,
        vendor_id=vendor_id,
        currency=currency,
        account=account,
        check=check,
        name=check.name if check.outcome is Outcome.MATCH else name,
        actor=actor,
    )


@command("banking.payouts.keep_account")
def keep_account(
    *,
    key: UUID,
    vendor_id: UUID,
    currency: str,
    account: Target,
    name: str,
    check: NameCheck,
    actor: Actor,
) -> AccountView:
    """Keep an account that waits for its approval.

    Raises: RailNotOffered, RailDoesNotReach, CountryNotReached, AccountKeyReused.
    """
    person_id = actor.somebody()
    rail.check_reach(currency=currency, country=account.country, on=clock.today())
    session().execute(
        insert(PayoutAccount)
        .values(
            id=key,
            ref=public_ref("PA"),
            vendor_id=vendor_id,
            currency=currency,
            account=account.account,
            holder_name=name[:70],
            outcome=check.outcome,
            person_id=person_id,
            state="awaiting_approval",
            asked_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["id"])
    )
    row = session().scalars(_locked(PayoutAccount.id == key)).one()
    if (row.vendor_id, row.currency, row.account) != (vendor_id, currency, account.account):
        raise AccountKeyReused
    if row.approval_id is None:
        asked = approvals.ask(
            person_id=person_id,
            act=Act.PAYOUT_ACCOUNT,
            amount=Money.zero(currency),
            payee=row.holder_name,
            account=row.account,
            subject=row.ref,
            actor=actor,
            payer_id=vendor_id,
        )
        row.approval_id = asked.id
        session().flush()
    return queries.account_view(row)


@command("banking.payouts.vouch_for_payout_account")
def vouch_for_payout_account(
    *, vendor_id: UUID, currency: str, account: str, name: str, person_id: UUID, actor: Actor
) -> None:
    """Pay a vendor from now on to an account that the house itself vouches for, nobody else.

    It serves the demonstration's vendors; who has a plan keeps it. Shape: person_id is written to.
    Raises: Forbidden for people, who name an account and approve it; AccountUnreadable,
    RailNotOffered, RailDoesNotReach, CountryNotReached.
    """
    if actor != SYSTEM:
        raise Forbidden
    if queries.plan(vendor_id=vendor_id, currency=currency) is not None:
        return
    target, now = payees.target(account), clock.now()
    rail.check_reach(currency=currency, country=target.country, on=now.date())
    row = PayoutAccount(
        id=new_id(),
        ref=public_ref("PA"),
        vendor_id=vendor_id,
        currency=currency,
        account=target.account,
        holder_name=name[:70],
        outcome=Outcome.CANNOT,
        person_id=person_id,
        state="active",
        asked_at=now,
        usable_from=now,
    )
    session().add(row)
    session().flush()
    _point_plan(row)


def account_approved(approval: Approval, actor: Actor) -> None:
    """Pay to the new account from now on, a while later, in the transaction of the yes.

    What paused the plan because a payout came back is put right by this.
    """
    row = session().scalars(_locked(PayoutAccount.ref == approval.subject)).one_or_none()
    if row is None or row.vendor_id != approval.payer_id:
        raise PayoutUnknown
    approvals.redeem(
        approval_id=row.approval_id,
        act=Act.PAYOUT_ACCOUNT,
        amount=Money.zero(row.currency),
        payee=row.holder_name,
        account=row.account,
        actor=actor,
    )
    session().execute(
        update(PayoutAccount)
        .where(
            PayoutAccount.vendor_id == row.vendor_id,
            PayoutAccount.currency == row.currency,
            PayoutAccount.state == "active",
        )
        .values(state="replaced")
    )
    row.state = "active"
    row.usable_from = clock.now() + timedelta(hours=queries.terms().change_hours)
    session().flush()
    _point_plan(row)
    publish(PayoutAccountChanged(account_id=row.id, vendor_id=row.vendor_id))


def _point_plan(account: PayoutAccount) -> None:
    fresh = {
        "vendor_id": account.vendor_id,
        "currency": account.currency,
        "account_id": account.id,
        "cadence": _BEGINNING.cadence,
        "weekday": _BEGINNING.weekday,
        "month_day": _BEGINNING.month_day,
        "returned_ref": "",
        "held_words": "",
        "least_minor": queries.house_least(account.currency).minor,
    } | _days(account.currency, _BEGINNING)
    session().execute(
        insert(PayoutPlan)
        .values(**fresh)
        .on_conflict_do_update(
            index_elements=["vendor_id", "currency"],
            set_={"account_id": account.id, "returned_ref": ""},
        )
    )


def _days(currency: str, schedule: Schedule) -> dict[str, object]:
    """Return the first day of a schedule from tomorrow on, and when its payout is made."""
    nominal = rules.next_nominal(schedule, queries.today())
    if nominal is None:
        return {"nominal_on": None, "next_on": None}
    return {"nominal_on": nominal, "next_on": queries.pay_day(nominal, currency)}


@command("banking.payouts.set_plan")
def set_plan(
    *, vendor_id: UUID, currency: str, schedule: Schedule, least: Money, actor: Actor
) -> None:
    """Choose the days and the smallest amount of payouts; the new days begin tomorrow.

    Locks: the plan. Raises: NoPayoutAccount, BelowMinimum under the smallest the house sends.
    """
    row = locked_plan(vendor_id, currency)
    smallest = queries.house_least(currency)
    if least < smallest:
        raise BelowMinimum(amount=least, least=smallest)
    row.cadence, row.weekday = schedule.cadence, schedule.weekday
    row.month_day, row.least_minor = schedule.month_day, least.minor
    for name, value in _days(currency, schedule).items():
        setattr(row, name, value)
    session().flush()


@command("banking.payouts.hold_payouts")
def hold_payouts(*, vendor_id: UUID, currency: str, words: str, actor: Actor) -> None:
    """Pause a vendor's payouts for a reason that the vendor is told. Events: PayoutsHeld.

    Locks: the plan. Raises: NoPayoutAccount.
    """
    row = locked_plan(vendor_id, currency)
    row.held_words, row.held_by, row.held_at = words, actor.person_id, clock.now()
    session().flush()
    publish(PayoutsHeld(vendor_id=vendor_id, currency=currency, words=words))


@command("banking.payouts.let_payouts_go")
def let_payouts_go(*, vendor_id: UUID, currency: str, actor: Actor) -> None:
    """Let a vendor's payouts go on that an operator paused; twice is once. Events: PayoutsHeld.

    Locks: the plan. Raises: NoPayoutAccount.
    """
    row = locked_plan(vendor_id, currency)
    if row.held_words:
        row.held_words, row.held_by, row.held_at = "", None, None
        session().flush()
        publish(PayoutsHeld(vendor_id=vendor_id, currency=currency, words=""))


def locked_plan(vendor_id: UUID, currency: str) -> PayoutPlan:
    """Return a plan, locked until the command ends. Raises: NoPayoutAccount."""
    query = select(PayoutPlan).where(
        PayoutPlan.vendor_id == vendor_id, PayoutPlan.currency == currency
    )
    query = query.with_for_update().execution_options(populate_existing=True)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise NoPayoutAccount
    return row


def _locked(which: ColumnElement[bool]) -> Select[PayoutAccount]:
    query = select(PayoutAccount).where(which)
    return query.with_for_update().execution_options(populate_existing=True)


approvals.register_executor(
    act=Act.PAYOUT_ACCOUNT, execute=account_approved, page=ResultPage("payouts.account", "ref")
)
