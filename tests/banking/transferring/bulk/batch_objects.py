"""The smallest batches a test needs."""

from __future__ import annotations

from typing import Any

from schwifty import IBAN

from banking import api as bank
from banking.transferring.bulk import queries, service
from banking.transferring.bulk.queries import BatchView, Source
from banking.transferring.bulk.service import GroupDraft, LineDraft, Origin
from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money


def iban_of(number: int) -> str:
    """An account of another bank whose digits fit."""
    return str(IBAN.generate("LT", bank_code="10000", account_code=f"{number:011d}").compact)


def line(number: int, amount: str, **other: Any) -> LineDraft:
    about: dict[str, Any] = {"account": iban_of(number), "name": "Jo", "end_to_end": f"E{number}"}
    return LineDraft(amount=Money.of(amount, "EUR"), **about | other)


def group(wallet: bank.WalletView, *lines: LineDraft, **other: Any) -> GroupDraft:
    about: dict[str, Any] = {"group_ref": "P1", "debtor": wallet.iban, "currency": wallet.currency}
    return GroupDraft(wallet_id=wallet.id, lines=lines, **about | other)


def opened(
    owner: Actor,
    *groups: GroupDraft,
    message: str = "M1",
    key: Any = None,
    source: Source = Source.UPLOAD,
    **other: Any,
) -> BatchView:
    return service.open_batch(
        key=key or new_id(),
        owner_id=owner.person_id,
        groups=groups,
        actor=owner,
        origin=Origin(source=source, message_id=message),
        **other,
    )


def approve(owner: Actor, batch: BatchView, **how: Any) -> BatchView:
    from banking.authorisation.approvals import service as approvals

    asked = service.ask_approval(ref=batch.ref, owner_id=batch.owner_id, actor=owner, **how)
    approvals.give(approval_id=asked.id, method="totp", actor=owner)
    return now(batch)


def booked(owner: Actor, batch: BatchView, **how: Any) -> BatchView:
    approve(owner, batch, **how)
    service.execute(batch_id=batch.id, actor=SYSTEM)
    return now(batch)


def now(batch: BatchView) -> BatchView:
    with reading():
        return queries.batch(batch_id=batch.id)


def lines_of(batch: BatchView) -> list[queries.LineView]:
    with reading():
        return queries.lines_of(batch_id=batch.id, most=5000)
