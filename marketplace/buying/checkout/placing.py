"""How a checkout becomes orders: what its buyer approves, what is paid, which covers are bound."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from banking import api as bank
from insurance import api as cover
from kernel.actor import Actor
from kernel.db import session
from kernel.ids import derived_id, public_ref
from kernel.money import Money
from marketplace.buying.cart import service as cart_service
from marketplace.buying.checkout import queries, rules
from marketplace.buying.checkout.models import Checkout
from marketplace.buying.checkout.queries import CheckoutView, ParcelView
from marketplace.buying.orders import service as orders
from marketplace.buying.orders.service import GroupDraft, OrderDraft, order_ref
from marketplace.catalogue.inventory import service as inventory
from marketplace.landed.quoting import queries as quoting
from marketplace.landed.quoting.queries import QuotedLine

_CLOSE = text(
    """
    WITH tried AS (
        UPDATE marketplace.checkout_attempt SET state = 'placed' WHERE payment_id = :payment_id
    )
    UPDATE marketplace.checkout SET state = 'paid', group_ref = :group_ref WHERE id = :id
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What pays for a checkout: a wallet, a card's payment, or both with the wallet's share."""

    wallet_id: UUID | None = None
    payment_id: UUID | None = None
    by_wallet: Money | None = None

    @property
    def payer_id(self) -> UUID:
        """Whom an insurer pays: the wallet where one took part, else the card's payment."""
        payer = self.wallet_id or self.payment_id
        assert payer is not None, "somebody pays"
        return payer

    def payers(self, total: Money) -> list[bank.Payer]:
        """Return who pays how much of a total."""
        share = self.by_wallet or Money.zero(total.currency)
        assert self.payment_id is not None, "a wallet alone needs no shares"
        card = bank.Payer.card(self.payment_id, total - share)
        wallet = [bank.Payer.wallet(self.wallet_id, share)] if self.wallet_id and share else []
        return [*wallet, card]


def ask(
    checkout: CheckoutView, *, share: Money | None = None, until: datetime, actor: Actor
) -> bank.Approval:
    """Ask the buyer to approve exactly this order, or the share of it that their wallet pays.

    Raises: ReducedLimit.
    """
    return bank.ask_approval(
        person_id=checkout.person_id,
        act=bank.Act.PURCHASE,
        amount=share or checkout.total,
        payee=_payee(checkout),
        account=bound_account(checkout),
        subject=checkout.ref,
        actor=actor,
        known=bank.Known(
            payees=[parcel.vendor.organisation_id for parcel in checkout.parcels], until=until
        ),
    )


def redeem(
    checkout: CheckoutView, *, share: Money | None = None, approval_id: UUID, actor: Actor
) -> None:
    """Use the approval up for the order as it is now.

    Raises: ApprovalDiffers when anything of it changed since the question, and as the bank's.
    """
    bank.redeem_approval(
        approval_id=approval_id,
        act=bank.Act.PURCHASE,
        amount=share or checkout.total,
        payee=_payee(checkout),
        account=bound_account(checkout),
        actor=actor,
    )


def bound_account(checkout: CheckoutView) -> str:
    """Return what stands for the payees' account: the checkout and a digest of all it holds."""
    parcels = [
        [
            parcel.vendor.id,
            parcel.parcel_ref,
            parcel.option.code,
            parcel.cover or "",
            parcel.has_delay,
            str(parcel.customs_quote_id),
            str(parcel.total.minor),
            *[[line.offer_id, line.quantity, line.unit.minor] for line in parcel.lines],
        ]
        for parcel in checkout.parcels
    ]
    # A business is told only where there is one: what waits of others stays as it was asked.
    business = [checkout.business_name] if checkout.business_name is not None else []
    held = [checkout.currency, checkout.address, parcels, *business]
    return f"{checkout.ref}:{rules.digest(held)}".upper()


def _payee(checkout: CheckoutView) -> str:
    return ", ".join(parcel.vendor.name for parcel in checkout.parcels)


def place(row: Checkout, checkout: CheckoutView, paid: Paid, actor: Actor) -> str:
    """Turn a checkout as it was shown into paid orders; return their group's reference.

    Stock is allocated, money held per vendor order, cover bound, mails queued. Locks: the checkout
    by the caller, then stock levels, and what pays. Events: OrderPlaced.
    """
    draft = _drafted(checkout, paid)
    for order in draft.orders:
        inventory.allocate(
            reservation_key=row.reservation_key,
            order_ref=order.ref,
            actor=actor,
            offer_ids=[line.offer_id for line in order.lines],
        )
    _move_money(row.id, checkout, draft, paid, actor)
    orders.place(draft=draft, actor=actor)
    _bind(row.id, checkout, draft, paid, actor)
    bought = {line.offer_id: line.quantity for order in draft.orders for line in order.lines}
    cart_service.take_out(cart_id=row.cart_id, pieces=bought, actor=actor)
    closed = {"id": row.id, "group_ref": draft.ref, "payment_id": paid.payment_id}
    session().execute(_CLOSE, closed)
    return draft.ref


def _drafted(checkout: CheckoutView, paid: Paid) -> GroupDraft:
    """Return the orders that a checkout becomes."""
    group = public_ref("G")
    assert checkout.address is not None, "parcels are priced for an address"
    return GroupDraft(
        ref=group,
        checkout_ref=checkout.ref,
        person_id=checkout.person_id,
        wallet_id=paid.wallet_id,
        payment_id=paid.payment_id,
        country=checkout.country,
        locale=checkout.locale,
        address=checkout.address,
        business_name=checkout.business_name,
        premium=checkout.premium,
        orders=tuple(
            _order_draft(order_ref(group, number), parcel)
            for number, parcel in enumerate(checkout.parcels, start=1)
        ),
    )


def _order_draft(ref: str, parcel: ParcelView) -> OrderDraft:
    shop, parts = parcel.vendor, parcel.parts
    return OrderDraft(
        ref=ref,
        parcel_ref=parcel.parcel_ref,
        vendor_id=shop.id,
        organisation_id=shop.organisation_id,
        origin=shop.sender,
        amounts=orders.Amounts(
            goods=parts.goods,
            freight=parts.freight,
            duty=parts.duty,
            tax=parts.tax,
            fees=parts.fees,
        ),
        lines=tuple(_line_draft(line) for line in parcel.lines),
        rate_quote_id=parcel.rate_quote_id,
        customs_quote_id=parcel.customs_quote_id,
        insurance_quote_id=parcel.insurance_quote_id,
        cover=parcel.cover,
        delivery=quoting.option_data(parcel.option),
        steps=quoting.steps_data(parcel.steps),
        promised_on=parcel.promised_on,
    )


def _line_draft(line: QuotedLine) -> orders.LineDraft:
    values = {f.name: getattr(line, f.name) for f in fields(line) if f.name != "offer_version"}
    return orders.LineDraft(**values)


def _move_money(
    checkout_id: UUID, checkout: CheckoutView, draft: GroupDraft, paid: Paid, actor: Actor
) -> None:
    """Pay for all orders and covers of a checkout in one journal."""
    shares = [
        bank.EscrowShare(
            order_ref=order.ref, amount=order.amounts.total, beneficiary_id=order.organisation_id
        )
        for order in draft.orders
    ]
    premiums = [
        credit
        for parcel in checkout.parcels
        if parcel.cover is not None
        for credit in cover.premium_credits(
            quote_id=_quote_id(parcel),
            cover=cover.Cover(parcel.cover),
            with_delay=parcel.has_delay,
        )
    ]
    if paid.payment_id is not None:
        bank.fund_escrow_together(
            key=derived_id(checkout_id, "payment"),
            payers=paid.payers(checkout.total),
            shares=shares,
            dues=premiums,
            subject=draft.ref,
            actor=actor,
        )
        return
    assert paid.wallet_id is not None, "a wallet pays what no card does"
    bank.fund_escrow(
        key=derived_id(checkout_id, "payment"),
        payer_wallet_id=paid.wallet_id,
        shares=shares,
        dues=premiums,
        subject=draft.ref,
        actor=actor,
    )


def _bind(
    checkout_id: UUID, checkout: CheckoutView, draft: GroupDraft, paid: Paid, actor: Actor
) -> None:
    """Bind the covers that were chosen."""
    for parcel, order in zip(checkout.parcels, draft.orders, strict=True):
        if parcel.cover is None:
            continue
        cover.bind(
            quote_id=_quote_id(parcel),
            cover=cover.Cover(parcel.cover),
            with_delay=parcel.has_delay,
            policyholder_id=checkout.person_id,
            policyholder_wallet_id=paid.payer_id,
            parcel_ref=parcel.parcel_ref,
            order_ref=order.ref,
            key=derived_id(checkout_id, f"cover:{parcel.parcel_ref}"),
            seller_id=order.vendor_id,
            demands=cover.Demands(
                needs=(queries.NEED,),
                is_active_choice=True,
                product_information=cover.PRODUCT_INFORMATION_VERSION,
                product_information_opened_at=parcel.opened_at(parcel.insurer_key),
                locale=checkout.locale,
            ),
            actor=actor,
        )


def _quote_id(parcel: ParcelView) -> UUID:
    assert parcel.insurance_quote_id is not None, "a cover is chosen from a quote"
    return parcel.insurance_quote_id
