"""Who bears a refund of an order that was paid out, and what everybody has left then."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text

from banking.accounts.wallets import queries as wallets
from banking.core.fx import queries as fx
from banking.core.fx.errors import NoRate, StaleRate
from banking.core.ledger import queries as ledger
from banking.core.ledger.service import AccountKind, AccountRef
from banking.merchants.escrow import rules
from banking.merchants.escrow.errors import EscrowUnknown, RefundAbovePaid
from banking.merchants.escrow.models import Escrow, EscrowMove
from banking.merchants.escrow.rules import Purse, Sold, Terms, Waterfall
from kernel import clock, dated
from kernel.db import session
from kernel.money import Money
from kernel.statements import read_sql


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPreview:
    """Who would bear a refund right now, and what would be left.

    Shape: seal names exactly this outcome; pressing with it is refused once anything differs.
    """

    order_ref: str
    vendor_id: UUID
    payer_wallet_id: UUID | None
    amount: Money
    left: Money
    sources: Waterfall
    purse: Purse
    seal: str

    @property
    def after(self) -> Purse:
        """What the vendor has once it is pressed; sales stay what they will bring."""
        s, p = self.sources, self.purse
        return Purse(
            reserve=p.reserve - s.reserve,
            sales=p.sales,
            debt=p.debt + s.sales,
            wallet=p.wallet - s.wallet,
        )


_SOLD = text(read_sql(__file__, "sold"))


@dataclass(frozen=True, slots=True)
class _Sale:
    """What an order was sold for. Shape: rate is what one unit of the order's currency brought."""

    sold: Sold
    rate: Fraction

    @property
    def currency(self) -> str:
        """The currency that the vendor was paid in."""
        return self.sold.gross.currency


@cache
def _terms() -> Sequence[Terms]:
    return dated.read(Path(__file__).parent / "data" / "waterfall.json", Terms)


def terms() -> Terms:
    """Return the terms of late refunds in force today."""
    return dated.in_force(_terms(), clock.today())


def refund_preview(*, order_ref: str, amount: Money) -> RefundPreview:
    """Return who would bear a refund of this amount right now, and what would be left.

    Raises: EscrowUnknown, RefundAbovePaid.
    """
    escrow = session().get(Escrow, order_ref, populate_existing=True)
    if escrow is None:
        raise EscrowUnknown(order_ref=order_ref)
    left = Money(escrow.funded, escrow.currency) - refunded(order_ref, escrow.currency)
    if amount > left:
        raise RefundAbovePaid(left=left)
    in_escrow = Money(escrow.funded - escrow.released - escrow.refunded, escrow.currency)
    from_escrow = min(amount, in_escrow)
    sale = _sale(escrow)
    borne = (amount - from_escrow).turned(sale.rate, sale.currency)
    purse = _purse(escrow, sale.currency)
    sources = rules.waterfall(
        escrow=from_escrow,
        borne=borne,
        purse=purse,
        commission=rules.commission_back(borne=borne, sold=sale.sold),
    )
    return RefundPreview(
        order_ref=order_ref,
        vendor_id=escrow.beneficiary_id,
        amount=amount,
        left=left,
        payer_wallet_id=escrow.payer_wallet_id,
        sources=sources,
        purse=purse,
        seal=_seal(order_ref, amount, sources, purse),
    )


def refunded(order_ref: str, currency: str) -> Money:
    """Return what of an order went back already, whatever it came from."""
    query = select(func.coalesce(func.sum(EscrowMove.amount), 0)).where(
        EscrowMove.order_ref == order_ref, EscrowMove.kind == "refunded"
    )
    return Money(int(session().execute(query).scalar_one()), currency)


def accounts_of(vendor_id: UUID, currency: str) -> tuple[AccountRef, AccountRef]:
    """Name the accounts of a vendor's reserve and debt."""
    key = str(vendor_id)
    return (
        AccountRef(AccountKind.VENDOR_RESERVE, key, currency),
        AccountRef(AccountKind.VENDOR_DEBT, key, currency),
    )


def _sale(escrow: Escrow) -> _Sale:
    """Return what the vendor was paid, in its currency, and what of it went back by now."""
    where = {
        "order": escrow.order_ref,
        "vendor": escrow.beneficiary_id,
        "payer": escrow.payer_wallet_id,
    }
    rows = {row.currency: row for row in session().execute(_SOLD, where)}
    own = rows.pop(escrow.currency, None)
    spent = Money(int(own.spent) if own else 0, escrow.currency)
    for currency, row in rows.items():
        if row.credited and spent:
            sold = _sold(row, currency)
            return _Sale(sold, sold.gross.exact / spent.exact)
    return _Sale(_sold(own, escrow.currency), Fraction(1))


def _sold(row: Row[Any] | None, currency: str) -> Sold:
    gross, commission, borne, returned = (
        (row.credited, row.commission, row.borne, row.returned) if row else (0, 0, 0, 0)
    )
    return Sold(
        gross=Money(int(gross), currency),
        commission=Money(int(commission), currency),
        borne=Money(int(borne), currency),
        returned=Money(int(returned), currency),
    )


def _purse(escrow: Escrow, currency: str) -> Purse:
    reserve, debt = accounts_of(escrow.beneficiary_id, currency)
    balances = ledger.balances(accounts=[reserve, debt])
    wallet = wallets.wallet_for(owner_id=escrow.beneficiary_id, currency=currency)
    nothing = Money.zero(currency)
    return Purse(
        reserve=balances[reserve].posted if reserve in balances else nothing,
        sales=_sales(escrow, currency),
        debt=-balances[debt].posted if debt in balances else nothing,
        wallet=wallet.available if wallet else nothing,
    )


def _sales(escrow: Escrow, currency: str) -> Money:
    """Return what the vendor's other orders of the same currency will bring, cautiously."""
    held = func.coalesce(
        func.sum(
            func.greatest(
                Escrow.funded
                - Escrow.released
                - Escrow.refunded
                - Escrow.frozen
                - Escrow.questioned,
                0,
            )
        ),
        0,
    )
    query = select(held).where(
        Escrow.beneficiary_id == escrow.beneficiary_id,
        Escrow.currency == escrow.currency,
        Escrow.order_ref != escrow.order_ref,
    )
    whole = Money(int(session().execute(query).scalar_one()), escrow.currency)
    part, _ = whole.split([terms().sales_bp, 10_000 - terms().sales_bp])
    if currency == escrow.currency:
        return part
    try:
        return fx.convert(part, currency, fx.fx_rate(base=escrow.currency, quote=currency))
    except (NoRate, StaleRate):
        return Money.zero(currency)


def _seal(order_ref: str, amount: Money, sources: Waterfall, purse: Purse) -> str:
    facts = f"{order_ref}|{amount}|{sources}|{purse}"
    return hashlib.sha256(facts.encode()).hexdigest()[:32]
