"""What stands in the way of closing, and what was closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, text

from banking.accounts.parties.queries import Owner, owner_for
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.errors import WalletUnknown
from banking.accounts.wallets.queries import WalletView
from banking.core.ledger.service import AccountKind
from banking.merchants.escrow import queries as escrow
from banking.online.closing import rules
from banking.online.closing.errors import ClosingUnknown
from banking.online.closing.models import Closing
from banking.online.closing.rules import Kind, Obstacle, Terms
from kernel import clock, dated
from kernel.actor import Actor
from kernel.db import session

# Everything under way that would still move money of these wallets, counted by wallet.
_UNDER_WAY = text(
    """
    WITH mine AS (
        SELECT id, owner_id, currency FROM banking.wallets WHERE id = ANY (CAST(:wallets AS uuid[]))
    )
    SELECT 'pots' AS kind, m.currency, count(*) AS number
    FROM mine m JOIN banking.pots p ON p.wallet_id = m.id AND p.closed_at IS NULL GROUP BY 2
    UNION ALL
    SELECT 'holds', m.currency, count(*)
    FROM mine m JOIN banking.wallets w ON w.id = m.id
    JOIN banking.holds h ON h.account_id = w.account_id AND h.state = 'open'
    WHERE NOT EXISTS (SELECT 1 FROM banking.pots p WHERE p.hold_id = h.id) GROUP BY 2
    UNION ALL
    SELECT 'orders', m.currency, count(*)
    FROM mine m JOIN banking.escrows e ON e.payer_wallet_id = m.id
        AND e.state IN ('funded', 'partly_released') GROUP BY 2
    UNION ALL
    SELECT 'sales', m.currency, count(*)
    FROM mine m JOIN banking.escrows e ON e.beneficiary_id = m.owner_id
        AND e.state IN ('funded', 'partly_released') GROUP BY 2
    UNION ALL
    SELECT 'transfers', m.currency, count(*)
    FROM mine m JOIN banking.transfers t ON t.wallet_id = m.id
        AND t.state IN ('awaiting_approval', 'scheduled', 'accepted', 'sent') GROUP BY 2
    UNION ALL
    SELECT 'batches', m.currency, sum(b.lines)
    FROM mine m JOIN banking.batch_groups b ON b.wallet_id = m.id
        AND b.state IN ('ready', 'waiting') GROUP BY 2
    UNION ALL
    SELECT 'standing_orders', m.currency, count(*)
    FROM mine m JOIN banking.standing_orders s ON s.owner_id = m.owner_id
        AND s.currency = m.currency AND (s.state IN ('active', 'paused') OR EXISTS (
            SELECT 1 FROM banking.approvals a WHERE a.id = s.approval_id
                AND s.state = 'awaiting_approval' AND a.withdrawn_at IS NULL
                AND a.expires_at > :now
        )) GROUP BY 2
    UNION ALL
    SELECT 'requests', m.currency, count(*)
    FROM mine m JOIN banking.money_requests r ON r.wallet_id = m.id
        AND r.withdrawn_at IS NULL AND r.expires_at > :now
    WHERE NOT EXISTS (
        SELECT 1 FROM banking.transfers t WHERE t.request_id = r.id AND t.state = 'settled'
    ) GROUP BY 2
    UNION ALL
    SELECT 'top_ups', m.currency, count(*)
    FROM mine m JOIN banking.card_payments c ON c.wallet_id = m.id
        AND c.state IN ('started', 'open', 'processing', 'in_question') GROUP BY 2
    UNION ALL
    SELECT 'card_refunds', m.currency, count(*)
    FROM mine m JOIN banking.card_refunds c ON c.wallet_id = m.id
        AND c.state IN ('asked', 'sent') GROUP BY 2
    UNION ALL
    SELECT 'disputes', m.currency, count(*)
    FROM mine m JOIN banking.card_disputes d ON d.wallet_id = m.id
        AND d.state IN ('needs_response', 'under_review') GROUP BY 2
    UNION ALL
    SELECT 'debts', m.currency, count(*)
    FROM mine m JOIN banking.card_disputes d ON d.wallet_id = m.id
    JOIN banking.ledger_accounts a ON a.kind = 'customer_debt' AND a.key = d.ref AND a.posted < 0
    GROUP BY 2
    """
)

# Grows while upper floors register what they know; afterwards nobody writes to it.
_checks: list[Callable[[Sequence[UUID]], Sequence[Obstacle]]] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingPage:
    """What the page of a closing shows.

    Shape: wallet is None for the whole account; others are wallets that could take the money in;
    kept_until is the day until which statements stay readable.
    """

    owner: Owner
    wallet: WalletView | None
    wallets: Sequence[WalletView]
    obstacles: Sequence[Obstacle]
    kept_until: date

    @property
    def others(self) -> Sequence[WalletView]:
        """The wallets that stay open."""
        return [found for found in self.wallets if found is not self.wallet]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPage:
    """What was closed. Shape: wallets are those that were, kept_until as on the page before."""

    owner: Owner
    ref: str
    is_account: bool
    closed_on: date
    kept_until: date
    wallets: Sequence[WalletView]


def register_check(check: Callable[[Sequence[UUID]], Sequence[Obstacle]]) -> None:
    """Let an upper floor say what of its own stands in the way of closing some wallets."""
    if check not in _checks:
        _checks.append(check)


def closing_page(actor: Actor, *, account: UUID | None, currency: str) -> ClosingPage:
    """Return the page for one wallet, or for the account when no currency is named.

    Raises: NotFound, WalletUnknown.
    """
    owner = owner_for(actor, account)
    owned = wallets.wallets_of(owner_id=owner.id)
    chosen = next((found for found in owned if found.currency == currency), None)
    if currency and chosen is None:
        raise WalletUnknown
    closing = [chosen] if chosen else owned
    return ClosingPage(
        owner=owner,
        wallet=chosen,
        wallets=owned,
        kept_until=kept_until(clock.today()),
        obstacles=obstacles(closing),
    )


def obstacles(closing: Sequence[WalletView]) -> list[Obstacle]:
    """Return everything that stands in the way of closing some wallets."""
    found = []
    for wallet in closing:
        if wallet.posted:
            found.append(
                Obstacle(kind=Kind.BALANCE, currency=wallet.currency, amount=wallet.posted)
            )
        if wallet.waiting:
            found.append(
                Obstacle(kind=Kind.WAITING, currency=wallet.currency, amount=wallet.waiting)
            )
    wallet_ids = [wallet.id for wallet in closing]
    where = {"wallets": wallet_ids, "now": clock.now()}
    found += [
        Obstacle(kind=Kind(row.kind), currency=row.currency, number=int(row.number))
        for row in session().execute(_UNDER_WAY, where)
    ]
    found += _owed(closing)
    for check in _checks:
        found += check(wallet_ids)
    return found


def _owed(closing: Sequence[WalletView]) -> list[Obstacle]:
    """Return what a vendor owes the house after late refunds; what was written off is a loss."""
    currencies = [wallet.currency for wallet in closing]
    debts = [
        debt
        for owner_id in {wallet.owner_id for wallet in closing}
        for debt in escrow.debts_of(vendor_id=owner_id, currencies=currencies)
    ]
    return [
        Obstacle(kind=Kind.OWED, currency=debt.account.currency, amount=-debt.posted)
        for debt in debts
        if debt.account.kind == AccountKind.VENDOR_DEBT and debt.posted
    ]


def closed_page(actor: Actor, ref: str) -> ClosedPage:
    """Return what was closed to its owner. Raises: ClosingUnknown, NotFound."""
    row = session().scalars(select(Closing).where(Closing.ref == ref)).one_or_none()
    if row is None or row.done_at is None:
        raise ClosingUnknown
    owner, closed_on = owner_for(actor, row.owner_id), row.done_at.date()
    owned = wallets.wallets_of(owner_id=owner.id, with_closed=True)
    return ClosedPage(
        owner=owner,
        ref=row.ref,
        is_account=row.wallet_id is None,
        closed_on=closed_on,
        kept_until=kept_until(closed_on),
        wallets=[w for w in owned if w.is_closed and row.wallet_id in {None, w.id}],
    )


def kept_until(closed_on: date) -> date:
    """Return until when statements stay readable after a closing."""
    return rules.kept_until(closed_on, dated.in_force(_terms(), closed_on))


@cache
def _terms() -> Sequence[Terms]:
    return dated.read(Path(__file__).parent / "data" / "terms.json", Terms)
