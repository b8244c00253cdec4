"""Requests as their owner and their payer see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import OwnerKind
from banking.authorisation.payees.queries import name_of
from banking.transferring.requests import rules
from banking.transferring.requests.codes import drawn, read_picture
from banking.transferring.requests.errors import RequestUnknown
from banking.transferring.requests.models import MoneyRequest
from banking.transferring.requests.rules import State, Wanted, read_code
from banking.transferring.transfers import queries as transfers
from kernel import clock
from kernel.db import session
from kernel.money import Money

__all__ = ["MoneyRequestView", "State", "Wanted", "drawn", "read_code", "read_picture"]

PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyRequestView:
    """A request for money. Shape: name is the owner's, paid_by the reference of a transfer."""

    id: UUID
    token: str
    owner_id: UUID
    owner_kind: OwnerKind
    name: str
    iban: str
    amount: Money
    reference: str
    asked_at: datetime
    expires_at: datetime
    paid_by: str
    state: State

    @property
    def has_code(self) -> bool:
        """Whether banking apps can read it as a code."""
        return rules.fits_a_code(self.amount)

    @property
    def wanted(self) -> Wanted:
        """What the code says."""
        return Wanted(name=self.name, iban=self.iban, amount=self.amount, reference=self.reference)


def request_by_token(*, token: str) -> MoneyRequestView:
    """Return the request that a link leads to. Raises: RequestUnknown."""
    query = select(MoneyRequest).where(MoneyRequest.token == token)
    row = session().scalars(query).one_or_none()
    if row is None:
        raise RequestUnknown
    return _views([row])[0]


def requests_of(*, owner_id: UUID, before: UUID | None = None) -> list[MoneyRequestView]:
    """Return a page of an owner's requests, newest first, and one more if there is one."""
    query = (
        select(MoneyRequest)
        .where(MoneyRequest.owner_id == owner_id)
        .order_by(MoneyRequest.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(MoneyRequest.id < before)
    return _views(session().scalars(query).all())


def _views(rows: Sequence[MoneyRequest]) -> list[MoneyRequestView]:
    if not rows:
        return []
    mine = wallets.wallets_of(owner_id=rows[0].owner_id, with_closed=True)
    owned = {wallet.id: wallet for wallet in mine}
    kind = next(iter(owned.values())).owner_kind
    name = name_of(rows[0].owner_id, kind)
    paid = transfers.paying(request_ids=[row.id for row in rows])
    now = clock.now()
    return [
        MoneyRequestView(
            id=row.id,
            token=row.token,
            owner_id=row.owner_id,
            owner_kind=kind,
            name=name,
            iban=owned[row.wallet_id].iban,
            amount=Money(row.amount_minor, row.currency),
            reference=row.reference,
            asked_at=row.asked_at,
            expires_at=row.expires_at,
            paid_by=paid[row.id].ref if row.id in paid else "",
            state=rules.state_of(
                payment=paid[row.id].state if row.id in paid else "",
                withdrawn_at=row.withdrawn_at,
                expires_at=row.expires_at,
                now=now,
            ),
        )
        for row in rows
    ]
