"""What the pages of paying show, each from few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from banking.accounts.limits import queries as limits
from banking.accounts.parties.queries import Owner, owner_for
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import OwnerKind, WalletView
from banking.authorisation.late_credits import queries as late_credits
from banking.authorisation.payees import queries as payees
from banking.authorisation.payees.queries import Outcome, Payee
from banking.core.rail import queries as rail
from banking.transferring.bulk import queries as batches
from banking.transferring.bulk.queries import Source
from banking.transferring.requests import queries as requests
from banking.transferring.requests.queries import MoneyRequestView
from banking.transferring.standing import queries as standing
from banking.transferring.standing.queries import OrderView, Run
from banking.transferring.transfers import queries as transfers
from banking.transferring.transfers.queries import Preview, State, Step, TransferView
from kernel import clock
from kernel.actor import Actor
from kernel.errors import Invalid, NotFound
from kernel.ids import new_id
from kernel.money import Money
from kernel.text import N_, Message

__all__ = ["Outcome", "Owner", "owner_for"]

_SHOWN, _EXAMPLES = 8, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoPage:
    """Whom to pay: saved payees, or an account that is typed.

    Shape: examples are accounts that the owner's wallets can pay.
    """

    owner: Owner
    payees: Sequence[Payee]
    chosen: Payee | None
    examples: Sequence[str]
    key: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountPage:
    """How much: the wallets that can pay the account.

    Shape: left is what the limits of these wallets leave for today, in their order; first_on and
    last_on are the days on which it may be sent.
    """

    owner: Owner
    draft: TransferView
    wallets: Sequence[WalletView]
    currency: str
    left: Sequence[Money]
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """Everything before the customer says yes.

    Shape: left is what limits leave for today, None for a payment of another day.
    """

    owner: Owner
    draft: TransferView
    preview: Preview
    left: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferPage:
    """A transfer as its payer sees it, or its payee: is_incoming.

    Shape: payer is the name of who sent it; is_late when the day it should have arrived is over;
    waits_beside when it came back after its payer closed the wallet;
    file_ref is of the payment file that it came with, empty without one.
    """

    owner: Owner
    found: TransferView
    payer: str
    is_incoming: bool
    steps: Sequence[Step]
    is_saved: bool
    is_late: bool
    waits_beside: bool
    file_ref: str
    key: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of something of an owner's. Shape: before leads on, empty at the end."""

    owner: Owner
    rows: Sequence[TransferView] | Sequence[OrderView]
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeesPage:
    """Handle and saved payees of an owner."""

    owner: Owner
    handle: str
    rows: Sequence[Payee]
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage:
    """Asking for money, with what was asked for before."""

    owner: Owner
    wallets: Sequence[WalletView]
    handle: str
    rows: Sequence[MoneyRequestView]
    before: str
    key: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage:
    """A request, as its owner or as somebody who may pay it."""

    owner: Owner
    found: MoneyRequestView
    is_mine: bool
    key: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutinePage:
    """The form of a standing order, after a transfer that its payments will be like."""

    owner: Owner
    like: TransferView
    first_on: date
    key: UUID

    @property
    def currency(self) -> str:
        """What the order pays in, as the transfer did."""
        assert self.like.amount is not None, "a confirmed transfer has an amount"
        return self.like.amount.currency


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """A standing order with its last periods."""

    owner: Owner
    order: OrderView
    runs: Sequence[Run]


def who_page(actor: Actor, *, account: UUID | None, payee: UUID | None) -> WhoPage:
    """Return the first page of sending. Raises: NotFound, PayeeUnknown."""
    owner = owner_for(actor, account)
    chosen = payees.payee(owner_id=owner.id, payee_id=payee) if payee else None
    saved = payees.payees_of(owner_id=owner.id)[:_SHOWN]
    currencies = [wallet.currency for wallet in wallets.wallets_of(owner_id=owner.id)]
    return WhoPage(
        owner=owner,
        payees=saved,
        chosen=chosen,
        key=new_id(),
        examples=rail.examples(currencies=currencies, on=clock.today())[:_EXAMPLES],
    )


def draft_for(actor: Actor, ref: str) -> tuple[Owner, TransferView]:
    """Return a transfer of the actor's own, or of a company they work for. Raises: NotFound."""
    transfer = transfers.transfer_by_ref(ref=ref)
    return owner_for(actor, transfer.owner_id), transfer


def amount_page(actor: Actor, ref: str, *, currency: str) -> AmountPage:
    """Return how much a draft may send, from which wallets. Raises: NotFound."""
    owner, draft = draft_for(actor, ref)
    able = [] if draft.payee_id == owner.id else transfers.payable(owner_id=owner.id, to=draft)
    wanted = draft.amount.currency if draft.amount else currency
    # The wallet that one would choose: with money in it, in the currency one counts in.
    rich = sorted(
        able, key=lambda w: (draft.amount is None and not w.available.minor, w.currency != wanted)
    )
    today, left = clock.today(), limits.left_today(owner_id=owner.id)
    return AmountPage(
        owner=owner,
        draft=draft,
        wallets=able,
        currency=rich[0].currency if rich else "",
        left=[left[wallet.id].today for wallet in able if wallet.id in left],
        first_on=today + timedelta(days=1),
        last_on=today + timedelta(days=transfers.terms().ahead_days),
    )


def check_page(actor: Actor, ref: str) -> CheckPage:
    """Return what confirming a draft would do. Raises: NotFound when it has no amount yet."""
    owner, draft = draft_for(actor, ref)
    if draft.amount is None or draft.wallet_id is None:
        raise NotFound
    left = limits.left_today(owner_id=owner.id).get(draft.wallet_id)
    return CheckPage(
        owner=owner,
        draft=draft,
        preview=transfers.preview(draft),
        left=None if left is None or draft.due_on else left.today,
    )


def transfer_page(actor: Actor, ref: str) -> TransferPage:
    """Return a transfer to its payer, or once it arrived to its payee. Raises: NotFound."""
    transfer = transfers.transfer_by_ref(ref=ref)
    mine = {actor.person_id, *actor.organisation_ids}
    is_incoming = transfer.owner_id not in mine and transfer.payee_id in mine
    if is_incoming and transfer.state is not State.SETTLED:
        raise NotFound
    owner = owner_for(actor, transfer.payee_id if is_incoming else transfer.owner_id)
    account = transfers.stored(transfer.account)
    return TransferPage(
        owner=owner,
        found=transfer,
        is_incoming=is_incoming,
        payer=payees.name_of(transfer.owner_id, _kind(transfer)) if is_incoming else owner.name,
        steps=[] if is_incoming else transfers.steps_of(transfer_id=transfer.id),
        is_saved=payees.is_saved(owner_id=owner.id, account=account),
        is_late=transfer.state is State.SENT
        and (transfer.arrives_on or clock.today()) < clock.today(),
        waits_beside=transfer.state is State.RETURNED and late_credits.came_late(transfer.ref),
        file_ref="" if is_incoming else _file_ref(transfer),
        key=new_id(),
    )


def _file_ref(found: TransferView) -> str:
    if found.batch_id is None:
        return ""
    came_with = batches.batch(batch_id=found.batch_id)
    return came_with.ref if came_with.source is Source.UPLOAD else ""


def confirmed_page(actor: Actor, ref: str) -> TransferPage:
    """Return a transfer that has a receipt. Raises: NotFound for a draft."""
    page = transfer_page(actor, ref)
    if page.found.confirmed_at is None:
        raise NotFound
    return page


def _kind(found: TransferView) -> OwnerKind:
    is_own = found.owner_id == found.person_id
    return OwnerKind.PERSON if is_own else OwnerKind.ORGANISATION


def transfer_list(actor: Actor, *, account: UUID | None, before: str) -> Listed:
    """Return a page of transfers, newest first. Raises: NotFound, Invalid."""
    owner = owner_for(actor, account)
    rows = transfers.transfers_of(owner_id=owner.id, before=_place(before))
    shown = rows[: transfers.PAGE]
    last = shown[-1] if len(rows) > transfers.PAGE else None
    on = f"{last.confirmed_at.isoformat()}/{last.id}" if last and last.confirmed_at else ""
    return Listed(owner=owner, rows=shown, before=on)


def _place(typed: str) -> tuple[datetime, UUID] | None:
    if not typed:
        return None
    at, _, key = typed.partition("/")
    try:
        return datetime.fromisoformat(at), UUID(key)
    except ValueError as wrong:
        stale = Message(N_("This page is out of date. Please open it again."))
        raise Invalid({"before": stale}) from wrong


def payees_page(actor: Actor, *, account: UUID | None, before: UUID | None) -> PayeesPage:
    """Return a page of saved payees, and the owner's own handle. Raises: NotFound."""
    owner = owner_for(actor, account)
    rows = payees.payees_of(owner_id=owner.id, before=before)
    shown = rows[: payees.PAGE]
    return PayeesPage(
        owner=owner,
        handle=payees.handle_of(owner_id=owner.id),
        rows=shown,
        before=str(shown[-1].id) if len(rows) > payees.PAGE else "",
    )


def ask_page(actor: Actor, *, account: UUID | None, before: UUID | None) -> AskPage:
    """Return the form for a request with earlier ones. Raises: NotFound."""
    owner = owner_for(actor, account)
    rows = requests.requests_of(owner_id=owner.id, before=before)
    shown = rows[: requests.PAGE]
    return AskPage(
        owner=owner,
        wallets=wallets.wallets_of(owner_id=owner.id),
        rows=shown,
        key=new_id(),
        handle=payees.handle_of(owner_id=owner.id),
        before=str(shown[-1].id) if len(rows) > requests.PAGE else "",
    )


def request_page(actor: Actor, token: str) -> RequestPage:
    """Return a request to whoever has its link. Raises: RequestUnknown."""
    request = requests.request_by_token(token=token)
    is_mine = request.owner_id in {actor.person_id, *actor.organisation_ids}
    owner = owner_for(actor, request.owner_id if is_mine else None)
    return RequestPage(owner=owner, found=request, is_mine=is_mine, key=new_id())


def routine_page(actor: Actor, like: str) -> RoutinePage:
    """Return the form of a standing order like a transfer. Raises: NotFound."""
    owner, transfer = draft_for(actor, like)
    if transfer.confirmed_at is None or transfer.amount is None:
        raise NotFound
    return RoutinePage(
        owner=owner, like=transfer, first_on=clock.today() + timedelta(days=1), key=new_id()
    )


def order_list(actor: Actor, *, account: UUID | None, before: UUID | None) -> Listed:
    """Return a page of standing orders, newest first. Raises: NotFound."""
    owner = owner_for(actor, account)
    rows = standing.orders_of(owner_id=owner.id, before=before)
    shown = rows[: standing.PAGE]
    on = str(shown[-1].id) if len(rows) > standing.PAGE else ""
    return Listed(owner=owner, rows=shown, before=on)


def request_code(token: str) -> bytes:
    """Return the picture of a request's code. Raises: RequestUnknown, NotFound without a code."""
    request = requests.request_by_token(token=token)
    if not request.has_code:
        raise NotFound
    return requests.drawn(request.wanted)


def order_page(actor: Actor, ref: str) -> OrderPage:
    """Return a standing order. Raises: NotFound."""
    order = standing.order_by_ref(ref=ref)
    owner = owner_for(actor, order.owner_id)
    return OrderPage(owner=owner, order=order, runs=standing.runs_of(order_id=order.id))
