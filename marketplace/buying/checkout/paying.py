"""Paying a checkout by card, alone or beside a wallet: begun once, completed once, or given back.

What a card pays waits at the bank until `place_paid` turns the checkout into orders. That is asked
by the page one comes back to, by the bank's word that the card has paid and by a job every minute;
whoever comes first places, and the others find what was placed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from banking import api as bank
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import command, reading, session
from kernel.errors import Conflict, HouseError, LimitExceeded, NotFound, RuleBroken
from kernel.ids import derived_id
from kernel.money import Money
from marketplace.buying.checkout import attempts, parcels, placing, queries, rules, standing
from marketplace.buying.checkout.errors import (
    CardBegun,
    CheckoutOver,
    QuoteEnded,
    TotalChanged,
    WalletTooSmall,
)
from marketplace.buying.checkout.models import Checkout, CheckoutAttempt, CheckoutParcel
from marketplace.buying.checkout.placing import Paid
from marketplace.buying.checkout.queries import CheckoutView
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.inventory.errors import InsufficientStock, ReservationOver
from marketplace.landed.pricing.errors import PriceChanged


class Kind(StrEnum):
    """What pays: the wallet, a card typed on its network's page, a saved card, wallet and card."""

    WALLET = "wallet"
    CARD = "card"
    SAVED = "saved"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """How a buyer wants to pay.

    Shape: share is what the wallet pays beside a card, None otherwise; saves_card lets the network
    keep the card that is typed.
    """

    kind: Kind
    share: Money | None = None
    saved_card: UUID | None = None
    saves_card: bool = False


BY_WALLET = Means(kind=Kind.WALLET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paying:
    """What pressing the button led to: an order, a question whether to pay for it, or a card."""

    group_ref: str = ""
    approval_id: UUID | None = None
    payment_id: UUID | None = None


def begin(
    row: Checkout,
    rows: Sequence[CheckoutParcel],
    checkout: CheckoutView,
    means: Means,
    actor: Actor,
) -> Paying:
    """Begin to pay what the page shows by card; a second press finds the first. Nothing is charged.

    The goods stay kept while their buyer is at the network's page. Joins the command that calls,
    with the checkout locked and its parcels as they are shown.
    Locks: the reservation. Raises: as the bank's start_purchase, WalletTooSmall.
    """
    earlier = _attempts(row)
    attempt = _under_way(earlier, _content(checkout, means))
    if attempt is None:
        attempt = _new(row, checkout, means, len(earlier) + 1, actor)
        attempt.parcels = parcels.shown(rows)
        session().add(attempt)
        _keep_longer(row, actor)
        session().flush()
    if means.share is not None and not attempt.is_approved:
        approval = _asked(row, checkout, attempt, actor)
        if not attempt.is_approved:
            return Paying(approval_id=approval.id)
    return Paying(payment_id=attempt.payment_id)


def _attempts(row: Checkout) -> Sequence[CheckoutAttempt]:
    """Return every try to pay a checkout by card, newest first."""
    query = select(CheckoutAttempt).where(CheckoutAttempt.checkout_id == row.id)
    return session().scalars(query.order_by(CheckoutAttempt.number.desc())).all()


def _content(checkout: CheckoutView, means: Means) -> str:
    share = means.share.minor if means.share else 0
    how = [means.kind, share, str(means.saved_card), means.saves_card]
    return rules.digest([placing.bound_account(checkout), checkout.total.minor, how])


def _under_way(earlier: Sequence[CheckoutAttempt], content: str) -> CheckoutAttempt | None:
    """Return the same try from before, while a card may still pay it."""
    same = (one for one in earlier if (one.content, one.state) == (content, "open"))
    attempt = next(same, None)
    if attempt is None:
        return None
    payment = bank.purchase(payment_id=attempt.payment_id).payment
    if payment.is_over and payment.state is not bank.PaymentState.CAPTURED:
        attempt.state = "failed"
        return None
    return attempt


def check_none_begun(row: Checkout) -> None:
    """Refuse what would make another sum of what a card may still pay. Raises: CardBegun."""
    for attempt in _attempts(row):
        if attempt.state != "open":
            continue
        payment = bank.purchase(payment_id=attempt.payment_id).payment
        if not payment.is_over or payment.state is bank.PaymentState.CAPTURED:
            raise CardBegun(total=payment.amount)


def _new(
    row: Checkout, checkout: CheckoutView, means: Means, number: int, actor: Actor
) -> CheckoutAttempt:
    share = means.share or Money.zero(checkout.currency)
    payment_id = derived_id(row.id, f"card:{number}")
    email, owner_id = actor.email, actor.account_id
    assert email, "whoever pays by card gets a letter"
    bank.start_purchase(
        key=payment_id,
        amount=checkout.total - share,
        subject=row.ref,
        email=email,
        owner_id=owner_id,
        locale=row.locale,
        saved_card=means.saved_card,
        saves_card=means.saves_card and owner_id is not None,
        actor=actor,
    )
    return CheckoutAttempt(
        payment_id=payment_id,
        checkout_id=row.id,
        number=number,
        state="open",
        content=_content(checkout, means),
        total_minor=checkout.total.minor,
        wallet_minor=share.minor,
        approval_id=None,
        is_approved=False,
        address=checkout.address,
        business_name=checkout.business_name,
        begun_at=clock.now(),
    )


def _keep_longer(row: Checkout, actor: Actor) -> None:
    until = rules.kept_until(
        started_at=row.started_at,
        reserved_until=row.reserved_until,
        now=clock.now(),
        longer=rules.PAYING,
    )
    if until > row.reserved_until:
        inventory.keep_longer(key=row.reservation_key, until=until, actor=actor)
        row.reserved_until = until


def _asked(
    row: Checkout, checkout: CheckoutView, attempt: CheckoutAttempt, actor: Actor
) -> bank.Approval:
    """Return the approval of the wallet's share; one that nobody need give is used at once."""
    share = Money(attempt.wallet_minor, checkout.currency)
    if attempt.approval_id is not None and attempt.approval_id == row.approval_id:
        asked = bank.approval_of(approval_id=attempt.approval_id)
        if asked.is_open(clock.now()):
            return asked
    if (available := queries.available_for(checkout)) < share:
        raise WalletTooSmall(available=available, missing=share - available)
    standing.unask(row, actor)
    ends = min(row.reserved_until, *[parcel.valid_until for parcel in checkout.parcels])
    asked = placing.ask(checkout, share=share, until=ends, actor=actor)
    attempt.approval_id = asked.id
    if asked.is_given:
        placing.redeem(checkout, share=share, approval_id=asked.id, actor=actor)
        attempt.is_approved = True
    else:
        row.approval_id = asked.id
    session().flush()
    return asked


def approve(row: Checkout, approval: bank.Approval, actor: Actor) -> bool:
    """Note that the wallet's share of a try is approved; whether the approval was of such a share.

    Joins the command that calls, with the checkout locked.
    """
    query = select(CheckoutAttempt).where(CheckoutAttempt.approval_id == approval.id)
    attempt = session().scalars(query).one_or_none()
    if attempt is None:
        return False
    total = Money(attempt.total_minor, row.currency)
    checkout = standing.as_shown(row, parcels.rows_of(row), total)
    placing.redeem(checkout, share=approval.amount, approval_id=approval.id, actor=actor)
    attempt.is_approved, row.approval_id = True, None
    session().flush()
    return True


def card_page(*, payment_id: UUID, back_to: str, actor: Actor) -> str:
    """Return where the buyer goes on: to the network's page, or back where a saved card paid.

    Raises: CardNetworkDown, CardNetworkRefused.
    """
    return bank.purchase_page(payment_id=payment_id, title="Entrepôt", back_to=back_to, actor=actor)


def complete_all(*, ref: str, actor: Actor) -> str:
    """Ask how the actor's tries to pay a checkout stand; return the order's reference, or nothing.

    Raises: NotFound.
    """
    with reading():
        under_way = [attempt.payment_id for attempt in attempts.under_way_of(actor, ref)]
    placed = ""
    for payment_id in under_way:
        bank.settle_purchase(payment_id=payment_id)
        placed = complete(payment_id=payment_id, actor=actor) or placed
    if placed:
        return placed
    with reading():
        return queries.order_of(actor, ref)


def complete(*, payment_id: UUID, actor: Actor = SYSTEM) -> str:
    """Place what a card has paid for, or let it be given back; return the order's reference.

    As often as anybody likes: an order is placed once, and money goes back once. While the law
    wants to know who pays, the money waits.
    """
    try:
        return place_paid(payment_id=payment_id, actor=actor)
    except bank.PurchaseNeedsIdentity:
        return ""
    except (RuleBroken, Conflict, NotFound, LimitExceeded) as refusal:
        give_up(payment_id=payment_id, why=_why(refusal), actor=actor)
        return ""


@command("marketplace.checkout.place_paid")
def place_paid(*, payment_id: UUID, actor: Actor) -> str:
    """Turn a checkout that a card has paid into orders, with the figures it was begun with.

    Twice is once. What nobody paid yet, and what is no checkout's, stays as it is.
    Locks: the checkout, stock levels, the payment, a wallet. Events: OrderPlaced.
    Raises: CheckoutOver for a second payment and for a checkout that was left, InsufficientStock,
    and, once its quotes have ended, PriceChanged, TotalChanged and what pricing raises; as
    fund_escrow_together.
    """
    tried = standing.locked_by_payment(payment_id)
    if tried is None:
        return ""
    row, attempt = tried
    if attempt.state == "placed":
        return row.group_ref or ""
    if attempt.state == "given_up" or not bank.purchase(payment_id=payment_id).is_free:
        return ""
    if row.state != "open":
        raise CheckoutOver(is_paid=row.state == "paid")
    checkout = _to_place(row, attempt, actor)
    return placing.place(row, checkout, _paid(attempt, checkout), actor)


@command("marketplace.checkout.give_up_payment")
def give_up(*, payment_id: UUID, why: bank.PurchaseGivenUpWhy, actor: Actor) -> None:
    """Let all of a payment go back that no order came of. Locks: the checkout, the payment."""
    tried = standing.locked_by_payment(payment_id)
    assert tried is not None, "what is given up was tried"
    _, attempt = tried
    if attempt.state != "placed":
        attempt.state = "given_up"
        session().flush()
        bank.give_up_purchase(payment_id=payment_id, why=why, actor=actor)


def _paid(attempt: CheckoutAttempt, checkout: CheckoutView) -> Paid:
    if not attempt.wallet_minor:
        return Paid(payment_id=attempt.payment_id)
    if not attempt.is_approved:
        raise bank.ApprovalMissing
    share, wallet = Money(attempt.wallet_minor, checkout.currency), queries.wallet_for(checkout)
    if wallet is None:
        raise WalletTooSmall(available=Money.zero(checkout.currency), missing=share)
    return Paid(wallet_id=wallet.id, payment_id=attempt.payment_id, by_wallet=share)


def _to_place(row: Checkout, attempt: CheckoutAttempt, actor: Actor) -> CheckoutView:
    """Return the checkout as its buyer saw it, or with new quotes where those have ended."""
    kept = parcels.as_shown(row.id, attempt.parcels)
    _keep_goods(row, attempt, kept, actor)
    checkout = queries.seen_as(row, kept, attempt)
    if all(clock.now() < parcel.valid_until for parcel in kept):
        return checkout
    changed = queries.changed_price(checkout)
    if changed is not None:
        raise changed
    return _quoted_again(row, attempt, kept, actor)


def _keep_goods(
    row: Checkout, attempt: CheckoutAttempt, kept: list[CheckoutParcel], actor: Actor
) -> None:
    """Keep exactly the goods that were paid for, anew where their time is over."""
    wanted = parcels.kept_pieces(kept)
    pieces = {line.offer_id: line.quantity for line in wanted}
    if inventory.held(row.reservation_key) == pieces:
        return
    inventory.release_reservation(reservation_key=row.reservation_key, actor=actor)
    row.reservation_key = derived_id(attempt.payment_id, "goods")
    row.reserved_until = clock.now() + rules.PAYING
    inventory.reserve(
        key=row.reservation_key,
        lines=wanted,
        cart_ref=str(row.cart_id),
        expires_at=row.reserved_until,
        actor=actor,
    )


def _quoted_again(
    row: Checkout, attempt: CheckoutAttempt, kept: list[CheckoutParcel], actor: Actor
) -> CheckoutView:
    """Return the checkout with new quotes. Raises: TotalChanged where anything else differs."""
    before = {parcel.vendor_id: parcel for parcel in kept}
    row.address, row.country = attempt.address, attempt.address["country"]
    row.business_name = attempt.business_name
    ways = {parcel.vendor_id: parcel.option for parcel in kept}
    buyer = replace(actor, person_id=row.person_id)
    parcels.price(row, ways, buyer, or_cheapest=False)
    for parcel in parcels.rows_of(row):
        old = before.get(parcel.vendor_id)
        if old is not None:
            parcel.cover, parcel.has_delay = old.cover, old.has_delay
            parcel.informed_at = old.informed_at
    session().flush()
    checkout = queries.view_of(row)
    now = parcels.kept_pieces(parcels.rows_of(row))
    if {(line.offer_id, line.quantity) for line in now} != {
        (line.offer_id, line.quantity) for line in parcels.kept_pieces(kept)
    }:
        raise TotalChanged(old=Money(attempt.total_minor, row.currency), new=checkout.total)
    standing.check_sum(checkout, Money(attempt.total_minor, row.currency))
    return checkout


def _why(refusal: HouseError) -> bank.PurchaseGivenUpWhy:
    if isinstance(refusal, (InsufficientStock, ReservationOver)):
        return bank.PurchaseGivenUpWhy.SOLD_OUT
    if isinstance(refusal, (PriceChanged, QuoteEnded, TotalChanged)):
        return bank.PurchaseGivenUpWhy.CHANGED
    if isinstance(refusal, CheckoutOver) and refusal.data["is_paid"]:
        return bank.PurchaseGivenUpWhy.TWICE
    return bank.PurchaseGivenUpWhy.NO_ORDER
