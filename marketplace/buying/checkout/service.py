"""Commands of a checkout: start, say where, choose how, pay once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text

from banking import api as bank
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.errors import HouseError, NotFound
from kernel.ids import new_id, public_ref
from kernel.money import Money
from marketplace.buying.buyers import queries as buyers
from marketplace.buying.cart import queries as carts
from marketplace.buying.cart import service as cart_service
from marketplace.buying.cart.errors import EmptyCart
from marketplace.buying.checkout import parcels, placing, queries, rules
from marketplace.buying.checkout.errors import (
    CheckoutOver,
    CoverUnread,
    NoAddress,
    NotBuyable,
    NotOffered,
    QuoteEnded,
    ReservationEnded,
    TotalChanged,
    WalletTooSmall,
)
from marketplace.buying.checkout.models import Checkout, CheckoutParcel
from marketplace.buying.checkout.queries import CheckoutView
from marketplace.buying.orders import service as orders
from marketplace.catalogue.inventory import service as inventory
from marketplace.landed.pricing.errors import PriceChanged

# Of several starts at once each sees the one before: no cart is there to wait for when goods are
# bought at once.
_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paying:
    """What pressing the button led to: an order, or a question whether to pay for it."""

    group_ref: str = ""
    approval_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A cover the buyer chose; it can be bought once its product information was read."""

    cover: str
    with_delay: bool
    is_read: bool = True


@command("marketplace.checkout.start")
def start(
    *,
    cart_id: UUID | None,
    locale: str,
    country: str,
    currency: str,
    actor: Actor,
    is_alone: bool = False,
) -> str:
    """Keep the cart's goods for half an hour and open a checkout; return its reference.

    A cart that goes alone was set apart: the person's own stays as it is, and is not read.

    Goods that cannot be bought as they stand stay in the cart and do not stop the others.
    Prices are in the currency asked for, in euro where the bank keeps no wallets in it: whatever
    the pages before showed, a checkout can be paid.
    A checkout of the same person that is still open is left, and its goods with it.
    Locks: stock levels. Raises: EmptyCart, NotBuyable, InsufficientStock.
    """
    person_id = actor.somebody()
    currency = bank.wallet_currency(currency)
    if not is_alone:
        cart_id = cart_service.adopt(cart_id=cart_id, actor=actor)
    # First, so that nothing is sold out because the same person keeps it for another checkout.
    _leave_others(actor)
    cart = carts.cart_for(actor, cart_id, locale=locale, currency=currency, is_alone=is_alone)
    if cart.id is None or not cart.groups:
        raise EmptyCart
    ready = [line for line in cart.lines if line.is_buyable]
    if not ready:
        raise NotBuyable
    key, until = new_id(), clock.now() + rules.KEPT
    inventory.reserve(
        key=key, lines=parcels.pieces(ready), cart_ref=str(cart.id), expires_at=until, actor=actor
    )
    checkout = Checkout(
        id=new_id(),
        ref=public_ref("C"),
        cart_id=cart.id,
        person_id=person_id,
        state="open",
        currency=currency,
        country=country,
        locale=locale,
        address=None,
        aside=[],
        reservation_key=key,
        reserved_until=until,
        group_ref=None,
        started_at=clock.now(),
    )
    session().add(checkout)
    session().flush()
    return checkout.ref


@command("marketplace.checkout.send_to")
def send_to(
    *, ref: str, address_id: UUID, actor: Actor, wishes: Mapping[str, str] | None = None
) -> None:
    """Set one of the buyer's addresses and price every parcel that can go there.

    What changed in the cart since the start is kept anew: what is priced is what is kept. Ways and
    covers chosen for an earlier address stay chosen where they are still offered; covers wished
    for in the cart are taken down unread.
    Shape: wishes maps a vendor's id to a level of cover.
    Locks: the checkout, stock levels. Raises: CheckoutOver, ReservationEnded, NoSuchAddress,
    EmptyCart, NothingFits, InsufficientStock.
    """
    checkout = _open(ref, actor)
    _unask(checkout, actor)
    address = buyers.address_for(actor, address_id)
    checkout.country = address.country
    checkout.address = {
        "name": address.name,
        "name_latin": address.name_latin,
        "lines": address.lines,
        "city": address.city,
        "region": address.region,
        "postcode": address.postcode,
        "country": address.country,
        "phone": address.phone,
        "tax_ref": address.tax_ref,
    }
    _price_again(checkout, actor, wishes or {})


@command("marketplace.checkout.choose")
def choose(
    *, ref: str, options: Mapping[int, str], covers: Mapping[int, Choice], actor: Actor
) -> None:
    """Choose delivery and cover of each parcel and price it anew.

    Shape: both map vendor id to what was chosen; a vendor without a cover choice has none.
    Locks: the checkout. Raises: CheckoutOver, ReservationEnded, NoAddress, NotOffered.
    """
    checkout = _open(ref, actor)
    if checkout.address is None:
        raise NoAddress
    _unask(checkout, actor)
    now = clock.now()
    if not _is_priced(parcels.rows_of(checkout), options, now):
        parcels.price(checkout, options, actor, or_cheapest=False)
    for parcel in parcels.rows_of(checkout):
        choice = covers.get(parcel.vendor_id)
        parcel.cover, parcel.has_delay, parcel.informed_at = None, False, None
        if choice is not None:
            if not parcels.is_offered(parcel, choice.cover, with_delay=choice.with_delay):
                raise NotOffered
            parcel.cover, parcel.has_delay = choice.cover, choice.with_delay
            parcel.informed_at = now if choice.is_read else None
    session().flush()


@command("marketplace.checkout.refresh")
def refresh(*, ref: str, actor: Actor) -> None:
    """Fetch new rates and fees for the choices as they are; cover stays chosen while offered.

    Locks: the checkout, stock levels. Raises: as send_to, and NoAddress.
    """
    checkout = _open(ref, actor)
    if checkout.address is None:
        raise NoAddress
    _unask(checkout, actor)
    _price_again(checkout, actor, {})


def pay(*, ref: str, expected: Money, actor: Actor) -> Paying:
    """Pay, or bring the page up to date and say what changed.

    Raises: QuoteEnded, PriceChanged, TotalChanged and what `place_order` raises.
    """
    try:
        return place_order(ref=ref, expected=expected, actor=actor)
    except (QuoteEnded, PriceChanged):
        refresh(ref=ref, actor=actor)
        raise


@command("marketplace.checkout.place_order")
def place_order(*, ref: str, expected: Money, actor: Actor) -> Paying:
    """Turn a checkout into a paid order in one commit, or ask its buyer to approve that first.

    Stock is allocated, money held per vendor order, cover bound, mails queued: all or nothing.
    Twice is once: a paid checkout answers with its group, one that waits with its approval.
    Locks: the checkout, stock levels, the wallet, in this order. Events: OrderPlaced.
    Raises: CheckoutOver, ReservationEnded, TotalChanged, QuoteEnded, CoverUnread, WalletTooSmall,
    InsufficientFunds, ReducedLimit.
    """
    row = _locked(ref, actor)
    if row.group_ref is not None:
        return Paying(group_ref=row.group_ref)
    _check_open(row)
    checkout = _as_shown(row, expected)
    approval = _asked(row, checkout, actor)
    if not approval.is_given:
        return Paying(approval_id=approval.id)
    return Paying(group_ref=_place(row, checkout, approval.id, actor))


def _approved(approval: bank.Approval, actor: Actor) -> None:
    """Place the order in the transaction of the buyer's yes."""
    row = _open(approval.subject, actor)
    if row.approval_id != approval.id:
        raise bank.ApprovalDiffers
    _place(row, _as_shown(row, approval.amount), approval.id, actor)


def _not_placed(approval: bank.Approval, refusal: HouseError, actor: Actor) -> None:
    """Fetch new prices where the old ones have ended; that takes the question back."""
    if isinstance(refusal, (QuoteEnded, PriceChanged)):
        refresh(ref=approval.subject, actor=actor)


def _as_shown(row: Checkout, expected: Money) -> CheckoutView:
    """Return the checkout when it still is what the buyer saw.

    Raises: as `queries.staleness`, and TotalChanged, CoverUnread.
    """
    checkout = queries.view_of(row)
    stale = queries.staleness(checkout)
    if stale is not None or not checkout.parcels:
        raise stale or QuoteEnded
    if checkout.total != expected:
        raise TotalChanged(old=expected, new=checkout.total)
    if checkout.has_unread_cover:
        raise CoverUnread
    return checkout


def _asked(row: Checkout, checkout: CheckoutView, actor: Actor) -> bank.Approval:
    """Return the approval of exactly this order: the one that waits already, or a new one.

    The goods stay kept while it waits; it ends when any price or rate of the order does.
    """
    asked = bank.approval_of(approval_id=row.approval_id) if row.approval_id else None
    is_same = asked is not None and asked.account == placing.bound_account(checkout)
    if asked is not None and is_same and asked.is_open(clock.now()):
        return asked
    _unask(row, actor)
    held_until = rules.kept_until(
        started_at=row.started_at, reserved_until=row.reserved_until, now=clock.now()
    )
    ends = min(held_until, *[parcel.valid_until for parcel in checkout.parcels])
    asked = placing.ask(checkout, until=ends, actor=actor)
    if asked.is_given:
        return asked
    if (available := queries.available_for(checkout)) < checkout.total:
        raise WalletTooSmall(available=available, missing=checkout.total - available)
    if held_until > row.reserved_until:
        inventory.keep_longer(key=row.reservation_key, until=held_until, actor=actor)
        row.reserved_until = held_until
    row.approval_id = asked.id
    session().flush()
    return asked


def _unask(row: Checkout, actor: Actor) -> None:
    """Take back the question whether to pay: what it was about is no more."""
    if row.approval_id is not None:
        bank.withdraw_approval(approval_id=row.approval_id, actor=actor)
        row.approval_id = None


def _place(row: Checkout, checkout: CheckoutView, approval_id: UUID, actor: Actor) -> str:
    wallet = queries.wallet_for(checkout)
    if wallet is None:
        raise WalletTooSmall(available=Money.zero(checkout.currency), missing=checkout.total)
    placing.redeem(checkout, approval_id=approval_id, actor=actor)
    draft = placing.drafted(checkout, wallet.id)
    for order in draft.orders:
        inventory.allocate(
            reservation_key=checkout.reservation_key,
            order_ref=order.ref,
            actor=actor,
            offer_ids=[line.offer_id for line in order.lines],
        )
    placing.move_money(row.id, checkout, draft, actor)
    orders.place(draft=draft, actor=actor)
    placing.bind(row.id, checkout, draft, actor)
    bought = {line.offer_id: line.quantity for order in draft.orders for line in order.lines}
    cart_service.take_out(cart_id=row.cart_id, pieces=bought, actor=actor)
    row.state, row.group_ref = "paid", draft.ref
    session().flush()
    return draft.ref


def _leave_others(actor: Actor) -> None:
    session().execute(_ONE_BY_ONE, {"name": f"marketplace.checkout of {actor.person_id}"})
    others = session().execute(
        select(Checkout)
        .where(Checkout.person_id == actor.person_id, Checkout.state == "open")
        .order_by(Checkout.id)
        .with_for_update()
    )
    for other in others.scalars():
        _unask(other, actor)
        other.state = "left"
        inventory.release_reservation(reservation_key=other.reservation_key, actor=actor)


def _locked(ref: str, actor: Actor) -> Checkout:
    checkout = (
        session()
        .execute(
            select(Checkout)
            .where(Checkout.ref == ref, Checkout.person_id == actor.person_id)
            .with_for_update()
        )
        .scalar_one_or_none()
    )
    if checkout is None:
        raise NotFound
    return checkout


def _open(ref: str, actor: Actor) -> Checkout:
    row = _locked(ref, actor)
    _check_open(row)
    return row


def _check_open(row: Checkout) -> None:
    if row.state != "open":
        raise CheckoutOver
    if clock.now() >= row.reserved_until:
        raise ReservationEnded(until=row.reserved_until)


def _price_again(checkout: Checkout, actor: Actor, wishes: Mapping[str, str]) -> None:
    """Price for the address as it is now; ways and covers stay chosen where they are offered."""
    rows = parcels.rows_of(checkout)
    before = {p.vendor_id: (p.cover, p.has_delay, p.informed_at) for p in rows}
    ways = {p.vendor_id: p.option for p in rows}
    parcels.price(checkout, ways, actor, or_cheapest=True)
    for parcel in parcels.rows_of(checkout):
        wished = (wishes.get(str(parcel.vendor_id)), False, None)
        level, has_delay, informed_at = before.get(parcel.vendor_id, wished)
        if level is not None and parcels.is_offered(parcel, level, with_delay=has_delay):
            parcel.cover, parcel.has_delay, parcel.informed_at = level, has_delay, informed_at
    session().flush()


def _is_priced(rows: Sequence[CheckoutParcel], options: Mapping[int, str], now: datetime) -> bool:
    """Whether the parcels are priced for these ways already, and the prices still hold."""
    return bool(rows) and all(
        options.get(row.vendor_id) == row.option and now < row.valid_until for row in rows
    )


bank.register_approved(
    act=bank.Act.PURCHASE,
    execute=_approved,
    refused=_not_placed,
    page=bank.ResultPage("checkout.review", "ref", is_way_back=True),
)
