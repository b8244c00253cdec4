"""Others' books as they tell them: the network's account, and the bank's statement.

Without a bank the stand-in answers: every payout of the network arrives in full a day later. A real
statement comes as a file and is handed to `service.import_lines`.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

from banking.payments import service as payments
from banking.payments.service import NetworkLine
from banking.reconciliation.rules import Item, line_reference
from kernel import clock
from kernel.config import settings


def network_items(*, since: datetime) -> list[Item]:
    """Return the lines of the network's account of us. Raises: CardNetworkDown, …Refused."""
    return [_item(line) for line in payments.lines_since(since=since)]


def bank_items(*, since: datetime) -> list[Item]:
    """Return the lines of our bank's statement. Raises: CardNetworkDown, CardNetworkRefused."""
    if not settings().demo:
        return []
    return [
        Item(
            reference=f"payout:{one.ref}", ref=f"bank-{one.ref}", amount=one.amount,
            at=datetime.combine(one.arrives_on, time(), UTC),
        )
        for one in payments.payouts_since(since=since)
        if one.is_paid and one.arrives_on <= clock.today()
    ]  # fmt: skip


def _item(line: NetworkLine) -> Item:
    reference = line_reference(line.kind, line.source_ref or line.ref, is_out=line.net.minor < 0)
    return Item(reference=reference, ref=line.ref, amount=line.net, at=line.at)
