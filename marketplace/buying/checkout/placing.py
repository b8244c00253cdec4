"""How a checkout becomes orders: what its buyer approves, what is paid, which covers are bound."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from uuid import UUID

from banking import api as bank
from insurance import api as cover
from kernel.actor import Actor
from kernel.ids import derived_id, public_ref
from marketplace.buying.checkout import queries, rules
from marketplace.buying.checkout.queries import CheckoutView, ParcelView
from marketplace.buying.orders import service as orders
from marketplace.buying.orders.service import GroupDraft, OrderDraft, order_ref
from marketplace.landed.quoting import queries as quoting
from marketplace.landed.quoting.queries import QuotedLine


def ask(checkout: CheckoutView, *, until: datetime, actor: Actor) -> bank.Approval:
    """Ask the buyer to approve exactly this order. Raises: ReducedLimit."""
    return bank.ask_approval(
        person_id=checkout.person_id,
        act=bank.Act.PURCHASE,
        amount=checkout.total,
        payee=_payee(checkout),
        account=bound_account(checkout),
        subject=checkout.ref,
        actor=actor,
        known=bank.Known(
            payees=[parcel.vendor.organisation_id for parcel in checkout.parcels], until=until
        ),
    )


def redeem(checkout: CheckoutView, *, approval_id: UUID, actor: Actor) -> None:
    """Use the approval up for the order as it is now.

    Raises: ApprovalDiffers when anything of it changed since the question, and as the bank's.
    """
    bank.redeem_approval(
        approval_id=approval_id,
        act=bank.Act.PURCHASE,
        amount=checkout.total,
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
    return f"{checkout.ref}:{rules.digest([checkout.currency, checkout.address, parcels])}".upper()


def _payee(checkout: CheckoutView) -> str:
    return ", ".join(parcel.vendor.name for parcel in checkout.parcels)


def drafted(checkout: CheckoutView, wallet_id: UUID) -> GroupDraft:
    """Return the orders that a checkout becomes."""
    group = public_ref("G")
    assert checkout.address is not None, "parcels are priced for an address"
    return GroupDraft(
        ref=group,
        checkout_ref=checkout.ref,
        person_id=checkout.person_id,
        wallet_id=wallet_id,
        country=checkout.country,
        locale=checkout.locale,
        address=checkout.address,
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


def move_money(checkout_id: UUID, checkout: CheckoutView, draft: GroupDraft, actor: Actor) -> None:
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
    bank.fund_escrow(
        key=derived_id(checkout_id, "payment"),
        payer_wallet_id=draft.wallet_id,
        shares=shares,
        dues=premiums,
        subject=draft.ref,
        actor=actor,
    )


def bind(checkout_id: UUID, checkout: CheckoutView, draft: GroupDraft, actor: Actor) -> None:
    """Bind the covers that were chosen."""
    for parcel, order in zip(checkout.parcels, draft.orders, strict=True):
        if parcel.cover is None:
            continue
        cover.bind(
            quote_id=_quote_id(parcel),
            cover=cover.Cover(parcel.cover),
            with_delay=parcel.has_delay,
            policyholder_id=checkout.person_id,
            policyholder_wallet_id=draft.wallet_id,
            parcel_ref=parcel.parcel_ref,
            order_ref=order.ref,
            key=derived_id(checkout_id, f"cover:{parcel.parcel_ref}"),
            demands=cover.Demands(
                needs=(queries.NEED,),
                is_active_choice=True,
                product_information=cover.PRODUCT_INFORMATION_VERSION,
                product_information_opened_at=parcel.informed_at,
                locale=checkout.locale,
            ),
            actor=actor,
        )


def _quote_id(parcel: ParcelView) -> UUID:
    assert parcel.insurance_quote_id is not None, "a cover is chosen from a quote"
    return parcel.insurance_quote_id
