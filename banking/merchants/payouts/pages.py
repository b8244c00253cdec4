"""What the pages of payouts show, each from few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from banking.accounts.parties.queries import Owner, owner_for
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import WalletView
from banking.authorisation.late_credits import queries as late_credits
from banking.core.rail import queries as rail
from banking.merchants.escrow.queries import VendorBucket
from banking.merchants.payouts import payout_runs, queries
from banking.merchants.payouts.coming import buckets_of
from banking.merchants.payouts.errors import PayoutUnknown
from banking.merchants.payouts.lines import LINE, Line, lines_of
from banking.merchants.payouts.payout_runs import RunView, TurnView
from banking.merchants.payouts.queries import AccountView, PayoutView, PlanView, Step
from banking.merchants.payouts.rules import Division, State
from banking.transferring.transfers import queries as transfers
from kernel import clock
from kernel.actor import Actor
from kernel.csv_files import csv_file
from kernel.errors import NotFound, RuleBroken
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.identity import queries as identity
from kernel.text import Message
from kernel.web.i18n import translate

LINES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """A vendor's money in a currency, and the next payout of it.

    Shape: division is what would be paid now, stops why nothing would be; turn is the last one;
    reserve_on is when some of the reserve comes back.
    """

    bucket: VendorBucket
    is_payable: bool
    plan: PlanView | None
    asked: AccountView | None
    division: Division | None
    stops: Message | None
    turn: TurnView | None
    reserve_on: date | None

    @property
    def has_money(self) -> bool:
        """Whether there is any, in any state."""
        return self.bucket != VendorBucket.empty(self.bucket.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A vendor's payouts. Shape: before leads on, empty at the end."""

    owner: Owner
    piles: Sequence[Pile]
    payouts: Sequence[PayoutView]
    before: str
    key: UUID
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The account and the days of payouts in a currency.

    Shape: examples is one account that the currency reaches.
    """

    owner: Owner
    currency: str
    plan: PlanView | None
    asked: AccountView | None
    least: Money
    hours: int
    examples: Sequence[str]
    key: UUID
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One payout: what it holds and what happened to it.

    Shape: after leads on, 0 at the end; waits_beside when it came back to a closed wallet.
    """

    owner: Owner
    payout: PayoutView
    account: AccountView
    transfer_ref: str
    lines: Sequence[Line]
    after: int
    steps: Sequence[Step]
    is_paused: bool
    waits_beside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """One run with its turns."""

    run: RunView
    turns: Sequence[TurnView]
    names: Mapping[UUID, str]
    after: str


def home(actor: Actor, *, account: UUID | None, before: tuple[datetime, UUID] | None) -> Home:
    """Return a vendor's money and payouts. Raises: NotFound."""
    owner = queries.vendor_for(actor, account)
    payouts = queries.payouts_of(vendor_id=owner.id, before=before)
    return Home(
        owner=owner,
        piles=_piles(owner.id),
        payouts=payouts[: queries.PAGE],
        before=_place(payouts),
        key=new_id(),
        now=clock.now(),
    )


def _piles(vendor_id: UUID) -> list[Pile]:
    buckets = buckets_of(vendor_id)
    plans, asked = queries.plans_of(vendor_id=vendor_id), queries.asked_of(vendor_id=vendor_id)
    for currency in [*plans, *asked]:
        buckets.setdefault(currency, VendorBucket.empty(currency))
    turns, reserve_days = (
        payout_runs.last_turns(vendor_id=vendor_id),
        queries.reserve_days_of(vendor_id=vendor_id),
    )
    marks = queries.last_entries_of(vendor_id=vendor_id)
    owned = {wallet.currency: wallet for wallet in wallets.wallets_of(owner_id=vendor_id)}
    payable = queries.payable()
    piles = []
    for currency, bucket in buckets.items():
        is_own = currency in owned or currency in plans or currency in asked
        if bucket == VendorBucket.empty(currency) and not (currency in payable and is_own):
            continue
        plan = plans.get(currency)
        division, stops = _next_of(owned.get(currency), plan, marks.get(currency, 0))
        piles.append(
            Pile(
                bucket=bucket,
                is_payable=currency in payable,
                plan=plan,
                asked=asked.get(currency),
                division=division,
                stops=stops,
                turn=turns.get(currency),
                reserve_on=reserve_days.get(currency),
            )
        )
    return sorted(piles, key=lambda pile: (not pile.is_payable, not pile.has_money))


def _next_of(
    wallet: WalletView | None, plan: PlanView | None, after: int
) -> tuple[Division | None, Message | None]:
    """Return what would be paid now, or the sentence that says why nothing would be."""
    if plan is None or wallet is None:
        return None, None
    try:
        return queries.division(wallet=wallet, after=after, least=plan.least), None
    except RuleBroken as refusal:
        return None, Message(refusal.message, refusal.data)


def settings(actor: Actor, *, account: UUID | None, currency: str) -> Settings:
    """Return the account and the days of a currency. Raises: NotFound."""
    owner = queries.vendor_for(actor, account)
    if currency not in queries.payable():
        raise NotFound
    return Settings(
        owner=owner,
        currency=currency,
        plan=queries.plan(vendor_id=owner.id, currency=currency),
        asked=queries.asked_of(vendor_id=owner.id).get(currency),
        least=queries.house_least(currency),
        hours=queries.terms().change_hours,
        key=new_id(),
        examples=rail.examples(currencies=[currency], on=clock.today()),
        now=clock.now(),
    )


def payout_for(actor: Actor, ref: str) -> tuple[Owner, PayoutView]:
    """Return a payout of the actor's company. Raises: PayoutUnknown."""
    payout = queries.payout_by_ref(ref=ref)
    if payout.vendor_id not in actor.organisation_ids:
        raise PayoutUnknown
    return owner_for(actor, payout.vendor_id), payout


def detail(actor: Actor, ref: str, *, after: int) -> Detail:
    """Return one payout with a page of what it holds. Raises: PayoutUnknown."""
    owner, payout = payout_for(actor, ref)
    lines = _lines(payout, after=max(after, payout.after_entry), count=LINES + 1)
    plan = queries.plan(vendor_id=owner.id, currency=payout.amount.currency)
    return Detail(
        owner=owner,
        payout=payout,
        account=queries.account(account_id=payout.account_id),
        transfer_ref=_transfer_ref(payout),
        lines=lines[:LINES],
        after=lines[LINES - 1].entry_id if len(lines) > LINES else 0,
        steps=queries.steps_of(payout_id=payout.id),
        is_paused=plan is not None and plan.returned_ref == payout.ref,
        waits_beside=came_late(payout),
    )


def came_late(found: PayoutView) -> bool:
    """Whether a payout came back after its wallet was closed, and is kept beside it."""
    return found.state is State.RETURNED and late_credits.came_late(_transfer_ref(found))


def _transfer_ref(found: PayoutView) -> str:
    known = transfers.refs_of(transfer_ids=[found.transfer_id] if found.transfer_id else [])
    return next(iter(known.values()), "")


def _lines(found: PayoutView, *, after: int, count: int = 100_000) -> list[Line]:
    wallet = wallets.wallet(wallet_id=found.wallet_id)
    return lines_of(
        account_ids=[wallet.account_id],
        currency=found.amount.currency,
        after=after,
        upto=found.upto_entry,
        count=count,
    )


_HEADS = (
    "row",
    "booked_at",
    "kind",
    "reference",
    "gross",
    "commission",
    "debt_paid",
    "amount",
    "currency",
    "entry",
    "journal",
)


def payout_csv(actor: Actor, ref: str) -> bytes:
    """Return everything that a payout holds as CSV, which adds up. Raises: PayoutUnknown."""
    _, payout = payout_for(actor, ref)
    currency = payout.amount.currency
    lines = _lines(payout, after=payout.after_entry)
    balance = Money(payout.opening.minor + sum(line.amount.minor for line in lines), currency)
    parts = [
        ("balance", balance),
        ("held", payout.available - balance),
        ("debt", -payout.owed),
        ("reserve", -payout.reserve),
        ("fee", -payout.fee),
        ("paid_out", -payout.amount),
    ]
    return csv_file(
        _HEADS,
        [
            _sum_row("opening", payout.opening, currency),
            *map(_cells, lines),
            *(_sum_row(name, amount, currency) for name, amount in parts),
        ],
    )


def _sum_row(name: str, amount: Money, currency: str) -> list[object]:
    return [name, "", "", "", "", "", "", amount.amount, currency, "", ""]


def _cells(line: Line) -> list[object]:
    return [
        "entry",
        line.at.isoformat(),
        translate(LINE[line.kind]),
        line.subject,
        line.gross.amount,
        -line.fee.amount,
        -line.debt.amount,
        line.amount.amount,
        line.amount.currency,
        line.entry_id,
        line.journal_id,
    ]


def run_page(ref: str, *, after: tuple[UUID, str] | None) -> RunPage:
    """Return one run with a page of its turns. Raises: PayoutUnknown."""
    run = payout_runs.run_by_ref(ref=ref)
    turns = payout_runs.turns_of(run_id=run.id, after=after)
    last = turns[payout_runs.PAGE - 1] if len(turns) > payout_runs.PAGE else None
    return RunPage(
        run=run,
        turns=turns[: payout_runs.PAGE],
        names=identity.organisation_names({turn.vendor_id for turn in turns}),
        after=f"{last.vendor_id}_{last.period}" if last else "",
    )


def _place(found: Sequence[PayoutView]) -> str:
    """Return where the next page of payouts begins, empty at the end."""
    if len(found) <= queries.PAGE:
        return ""
    last = found[queries.PAGE - 1]
    return f"{last.made_at.isoformat()}_{last.id}"
