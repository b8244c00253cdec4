"""Commands on requests for money."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.errors import WalletUnknown
from banking.authorisation.payees.queries import Target
from banking.transferring.requests import queries
from banking.transferring.requests.errors import RequestOver, RequestUnknown
from banking.transferring.requests.models import MoneyRequest
from banking.transferring.requests.queries import MoneyRequestView, State
from banking.transferring.transfers import service as transfers
from banking.transferring.transfers.queries import TransferView
from banking.transferring.transfers.service import Given
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, reading, session
from kernel.money import Money


@command("banking.requests.ask_for_money")
def ask_for_money(
    *, key: UUID, owner_id: UUID, amount: Money, reference: str, days: int, actor: Actor
) -> MoneyRequestView:
    """Ask for money into the owner's wallet of that currency; the same key asks once.

    Raises: WalletUnknown.
    """
    wallet = wallets.wallet_for(owner_id=owner_id, currency=amount.currency)
    if wallet is None:
        raise WalletUnknown
    now = clock.now()
    session().execute(
        insert(MoneyRequest)
        .values(
            id=key,
            token=secrets.token_urlsafe(16),
            owner_id=owner_id,
            wallet_id=wallet.id,
            amount_minor=amount.minor,
            currency=amount.currency,
            reference=reference,
            asked_at=now,
            expires_at=now + timedelta(days=days),
        )
        .on_conflict_do_nothing(index_elements=["id"])
    )
    row = session().get(MoneyRequest, key)
    if row is None or row.owner_id != owner_id:
        raise RequestUnknown
    return queries.request_by_token(token=row.token)


@command("banking.requests.withdraw_request")
def withdraw_request(*, token: str, owner_id: UUID, actor: Actor) -> None:
    """End a request that nobody paid. Locks: the request. Raises: RequestUnknown, RequestOver."""
    query = select(MoneyRequest).where(
        MoneyRequest.token == token, MoneyRequest.owner_id == owner_id
    )
    row = session().scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise RequestUnknown
    if queries.request_by_token(token=token).state is not State.OPEN:
        raise RequestOver
    row.withdrawn_at = clock.now()


def _still_open(draft: TransferView) -> None:
    """Let a draft pay a request only while nobody else has paid it.

    Locks: the request, so that two payers meet here. Raises: RequestOver.
    """
    if draft.request_id is None:
        return
    query = select(MoneyRequest).where(MoneyRequest.id == draft.request_id)
    row = session().scalars(query.with_for_update()).one()
    if queries.request_by_token(token=row.token).state is not State.OPEN:
        raise RequestOver


def pay_request(
    *, token: str, key: UUID, owner_id: UUID, actor: Actor, locale: str
) -> TransferView:
    """Draft the transfer that pays a request; confirming it is what counts.

    Raises: RequestUnknown, RequestOver, and as transfers.begin.
    """
    with reading():
        asked = queries.request_by_token(token=token)
    if asked.state is not State.OPEN:
        raise RequestOver
    return transfers.begin(
        key=key,
        owner_id=owner_id,
        account=Target(asked.iban),
        name=asked.name,
        actor=actor,
        locale=locale,
        given=Given(amount=asked.amount, reference=asked.reference, request_id=asked.id),
    )


transfers.register_check(_still_open)
