"""Others' books as they tell them: the networks' accounts of us, and the banks' statements.

Without a bank the stand-in answers: every payout of the card network arrives in full a day later. A
real statement comes as a file and is handed to `service.import_lines`.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

from banking.authorisation.late_credits import queries as late_credits
from banking.cards.card_topups import service as payments
from banking.cards.card_topups.service import NetworkLine
from banking.control.reconciliation.rules import Item, line_reference, order_reference
from banking.core.rail.queries import RailAccount, rail
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
            reference=f"payout:{one.ref}",
            ref=f"bank-{one.ref}",
            amount=one.amount,
            at=datetime.combine(one.arrives_on, time(), UTC),
        )
        for one in payments.payouts_since(since=since)
        if one.is_paid and one.arrives_on <= clock.today()
    ]


def rail_items(*, since: datetime) -> list[Item]:
    """Return what the payment network took from us and gave back. Raises: RailDown."""
    return _lines(RailAccount.ORDERS, since)


def rail_bank_items(*, since: datetime) -> list[Item]:
    """Return what was booked on our account at the payment network's bank. Raises: RailDown."""
    return _lines(RailAccount.STATEMENT, since)


def _lines(account: RailAccount, since: datetime) -> list[Item]:
    return [
        Item(reference=_order(line.end_to_end), ref=line.ref, amount=line.amount, at=line.at)
        for line in rail().lines(account=account, since=since)
    ]


def _order(end_to_end: str) -> str:
    # A late credit is sent again under a new number; our books know it by its own.
    is_late = late_credits.is_one(end_to_end)
    return order_reference(end_to_end.rpartition("-")[0] if is_late else end_to_end)


def _item(line: NetworkLine) -> Item:
    reference = line_reference(line.kind, line.source_ref or line.ref, is_out=line.net.minor < 0)
    return Item(reference=reference, ref=line.ref, amount=line.net, at=line.at)
