"""What goes back to cards and what the network's own account says, in our words.

Refunds, disputes, balance transactions and payouts; pages and webhooks stand in `gateway`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from banking.cards.card_topups.client import asking
from banking.cards.card_topups.rules import (
    DisputeSaid,
    NetworkDispute,
    NetworkLine,
    NetworkPayout,
    NetworkRefund,
    RefundSaid,
    from_network,
    to_network,
)
from kernel.money import CURRENCIES, Money

if TYPE_CHECKING:
    import stripe

_REFUND = {
    "pending": RefundSaid.PENDING,
    "requires_action": RefundSaid.PENDING,
    "succeeded": RefundSaid.SUCCEEDED,
}
# An inquiry moves no money; one that ends, or is prevented, ends well for us.
_DISPUTE = {
    "warning_needs_response": DisputeSaid.NEEDS_RESPONSE,
    "warning_under_review": DisputeSaid.UNDER_REVIEW,
    "warning_closed": DisputeSaid.WON,
    "prevented": DisputeSaid.WON,
} | {said.value: said for said in DisputeSaid}
_PAGE = 100


def send_refund(*, refund_id: UUID, payment_ref: str, amount: Money) -> NetworkRefund:
    """Send money back to the card of a payment, once for a refund of ours, however often asked.

    Raises: CardNetworkDown, CardNetworkRefused.
    """
    with asking() as network:
        # The network forgets keys after a day, but not what it did.
        for known in network.v1.refunds.list({"payment_intent": payment_ref, "limit": _PAGE}).data:
            if known.to_dict().get("metadata", {}).get("refund_id") == str(refund_id):
                return _refund(known)
        made = network.v1.refunds.create(
            {
                "payment_intent": payment_ref,
                "amount": to_network(amount),
                "metadata": {"refund_id": str(refund_id)},
            },
            {"idempotency_key": str(refund_id)},
        )
        return _refund(made)


def refund_state(*, refund_ref: str) -> NetworkRefund:
    """Ask how a refund stands now. Raises: CardNetworkDown, CardNetworkRefused."""
    with asking() as network:
        return _refund(network.v1.refunds.retrieve(refund_ref))


def dispute_state(*, dispute_ref: str) -> NetworkDispute:
    """Ask how a dispute stands now. Raises: CardNetworkDown, CardNetworkRefused."""
    with asking() as network:
        return _dispute(network.v1.disputes.retrieve(dispute_ref))


def send_evidence(*, dispute_ref: str, words: str, key: UUID) -> NetworkDispute:
    """Send what speaks for us, once and for good. Raises: CardNetworkDown, CardNetworkRefused."""
    with asking() as network:
        sent = network.v1.disputes.update(
            dispute_ref,
            {"evidence": {"uncategorized_text": words}, "submit": True},
            {"idempotency_key": str(key)},
        )
        return _dispute(sent)


def give_up(*, dispute_ref: str, key: UUID) -> NetworkDispute:
    """Leave a dispute to the cardholder, for good. Raises: CardNetworkDown, CardNetworkRefused."""
    with asking() as network:
        return _dispute(network.v1.disputes.close(dispute_ref, {}, {"idempotency_key": str(key)}))


def lines_since(*, since: datetime) -> list[NetworkLine]:
    """Return the lines of our account at the network from an instant on, oldest first.

    Raises: CardNetworkDown, CardNetworkRefused.
    """
    with asking() as network:
        transactions = network.v1.balance_transactions.list(
            {"created": {"gte": int(since.timestamp())}, "limit": _PAGE, "expand": ["data.source"]}
        )
        lines = [_line(one) for one in transactions.auto_paging_iter()]
    return sorted(
        (line for line in lines if line is not None), key=lambda line: (line.at, line.ref)
    )


def payouts_since(*, since: datetime) -> list[NetworkPayout]:
    """Return what the network sent to our bank. Raises: CardNetworkDown, CardNetworkRefused."""
    with asking() as network:
        payouts = network.v1.payouts.list(
            {"created": {"gte": int(since.timestamp())}, "limit": _PAGE}
        )
        return [
            NetworkPayout(
                ref=one.id,
                amount=from_network(one.amount, one.currency.upper()),
                is_paid=one.status == "paid",
                arrives_on=datetime.fromtimestamp(one.arrival_date, UTC).date(),
            )
            for one in payouts.auto_paging_iter()
            if one.currency.upper() in CURRENCIES
        ]


def _refund(found: stripe.Refund) -> NetworkRefund:
    return NetworkRefund(
        ref=found.id,
        said=_REFUND.get(found.status or "", RefundSaid.FAILED),
        amount=from_network(found.amount, found.currency.upper()),
        why=getattr(found, "failure_reason", None) or "",
    )


def _dispute(found: stripe.Dispute) -> NetworkDispute:
    moved = [line for line in found.balance_transactions if line.net]
    out = next((line for line in moved if line.amount < 0), None)
    due = found.evidence_details.due_by if found.evidence_details else None
    currency = found.currency.upper()
    payment = found.payment_intent
    return NetworkDispute(
        ref=found.id,
        payment_ref=payment if isinstance(payment, str) else (payment.id if payment else ""),
        said=_DISPUTE[found.status],
        reason=found.reason,
        amount=from_network(found.amount, currency),
        withdrawn=from_network(-out.amount, out.currency.upper()) if out else None,
        fee=from_network(out.fee, out.currency.upper()) if out else None,
        is_reinstated=any(line.amount > 0 for line in moved),
        evidence_due_at=datetime.fromtimestamp(due, UTC) if due else None,
    )


def _line(found: stripe.BalanceTransaction) -> NetworkLine | None:
    currency = found.currency.upper()
    if currency not in CURRENCIES:
        return None
    return NetworkLine(
        ref=found.id,
        kind=found.type,
        source_ref=_source(found.source),
        amount=from_network(found.amount, currency),
        net=from_network(found.net, currency),
        at=datetime.fromtimestamp(found.created, UTC),
    )


def _source(source: object) -> str:
    """Return what a line is about: a charge by its payment, since that is what we know."""
    if source is None or isinstance(source, str):
        return source or ""
    payment = getattr(source, "payment_intent", None)
    is_charge = getattr(source, "object", "") == "charge"
    return str(payment if is_charge and payment else getattr(source, "id", ""))
