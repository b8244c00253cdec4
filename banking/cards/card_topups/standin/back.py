"""Money on its way back from us: refunds, disputes, and the network's account of all of it.

localstripe knows no disputes and lets anybody refund anything, so both are kept in our own records.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Any

from banking.cards.card_topups.standin.answers import Answer, good, listed, problem
from banking.cards.card_topups.standin.network import Network
from banking.cards.card_topups.standin.records import random_id, second

# Source: Stripe documentation, "Testing", cards for refunds and disputes and evidence.
REFUND_FAILS_LATER, REFUND_PENDING, DISPUTED = "5126", "7726", "0259"
WINNING, LOSING = "winning_evidence", "losing_evidence"
DISPUTE_FEE = 1500
_DAY_S = 86_400
_EVIDENCE_S = 7 * _DAY_S


class Back:
    """The network's refunds, disputes, payouts and balance transactions."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.later = 5.0  # seconds until a card's bank sends a refund back, or takes it
        self.pays_out_daily = True
        self._tasks: set[asyncio.Task[None]] = set()

    async def work(self, method: str, path: str, form: dict[str, Any]) -> Answer | None:
        """Answer an API call about what goes back; None when it is about something else."""
        name, _, rest = path.partition("/")
        key, _, act = rest.partition("/")
        if name == "refunds":
            return await self._refunds(method, key, form)
        if name == "disputes":
            return self._dispute(method, key, act, form)
        if name == "balance_transactions" and method == "GET":
            return await self._lines(form)
        if name == "payouts" and method == "GET":
            await self._pay_out_daily()
            records = self._network.records.payouts
            return listed(_newest(records.values(), form), "/v1/payouts")
        return None

    async def settle(self) -> None:
        """Wait until nothing is under way any more."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Forget what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # Refunds

    async def _refunds(self, method: str, key: str, form: dict[str, Any]) -> Answer:
        refunds = self._network.records.refunds
        if method == "POST" and not key:
            return await self._refund(form)
        if key:
            refund = refunds.get(key)
            return good(refund) if refund else _missing("refund")
        payment = form.get("payment_intent")
        chosen = [one for one in refunds.values() if payment in {None, one["payment_intent"]}]
        return listed(_newest(chosen, {}), "/v1/refunds")

    async def _refund(self, form: dict[str, Any]) -> Answer:
        payment = str(form.get("payment_intent"))
        intent = await self._intent(payment)
        if intent is None or intent["status"] != "succeeded":
            return problem(400, "invalid_request_error", "Nothing was charged.")
        if any(d["payment_intent"] == payment for d in self._network.records.disputes.values()):
            words = "The charge has been charged back."
            return problem(400, "invalid_request_error", words, code="charge_disputed")
        gone = sum(
            one["amount"]
            for one in self._network.records.refunds.values()
            if one["payment_intent"] == payment and one["status"] != "failed"
        )
        amount = int(form.get("amount") or intent["amount_received"] - gone)
        if not 0 < amount <= intent["amount_received"] - gone:
            words = "The amount is larger than what is left of the charge."
            return problem(400, "invalid_request_error", words, code="charge_already_refunded")
        return good(self._refunded(intent, amount, form))

    def _refunded(
        self, intent: dict[str, Any], amount: int, form: dict[str, Any]
    ) -> dict[str, Any]:
        records, card = self._network.records, self._network.records.card_of(intent["id"])
        refund: dict[str, Any] = {
            "id": random_id("re_"),
            "object": "refund",
            "amount": amount,
            "currency": intent["currency"],
            "payment_intent": intent["id"],
            "charge": _id(intent["latest_charge"]),
            "metadata": form.get("metadata", {}),
            "created": second(),
            "failure_reason": None,
            "status": "pending" if card == REFUND_PENDING else "succeeded",
        }
        refund["balance_transaction"] = self._line("refund", refund, -amount)["id"]
        records.refunds[refund["id"]] = refund
        records.keep()
        self.tell("refund.created", refund)
        if card == REFUND_FAILS_LATER:
            self._soon(refund["id"], "failed")
        elif card == REFUND_PENDING:
            self._soon(refund["id"], "succeeded")
        return refund

    def _soon(self, key: str, status: str) -> None:
        async def end() -> None:
            await asyncio.sleep(self.later)
            self.end_refund(key, status)

        task = asyncio.create_task(end())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def end_refund(self, key: str, status: str) -> None:
        """Let the card's bank take a refund or send it back."""
        refund = self._network.records.refunds[key]
        refund["status"] = status
        if status == "failed":
            refund["failure_reason"] = "expired_or_canceled_card"
            self._line("refund_failure", refund, refund["amount"])
        self._network.records.keep()
        self.tell("refund.failed" if status == "failed" else "refund.updated", refund)

    # Disputes

    def _dispute(self, method: str, key: str, act: str, form: dict[str, Any]) -> Answer:
        dispute = self._network.records.disputes.get(key)
        if dispute is None:
            return _missing("dispute")
        if method == "GET":
            return good(dispute)
        if dispute["status"] not in {"needs_response", "under_review"}:
            return problem(400, "invalid_request_error", "This dispute is closed.")
        words = str(form.get("evidence", {}).get("uncategorized_text", ""))
        if act == "close" or LOSING in words:
            self.close_dispute(key, is_won=False)
        elif WINNING in words:
            self.close_dispute(key, is_won=True)
        else:
            dispute["status"] = "under_review"
            self._network.records.keep()
            self.tell("charge.dispute.updated", dispute)
        return good(dispute)

    async def open_dispute(
        self, payment: str, *, amount: int | None = None, reason: str = "fraudulent"
    ) -> str:
        """Let a cardholder dispute a charge: the money and a fee are taken at once."""
        intent = await self._intent(payment)
        assert intent is not None, "a dispute is about a charge"
        opened = second()
        dispute: dict[str, Any] = {
            "id": random_id("du_"),
            "object": "dispute",
            "currency": intent["currency"],
            "amount": amount or intent["amount_received"],
            "payment_intent": payment,
            "charge": _id(intent["latest_charge"]),
            "reason": reason,
            "metadata": {},
            "status": "needs_response",
            "created": opened,
            "balance_transactions": [],
            "evidence_details": {
                "due_by": opened + _EVIDENCE_S,
                "has_evidence": False,
                "past_due": False,
                "submission_count": 0,
            },
        }
        self._network.records.disputes[dispute["id"]] = dispute
        self.tell("charge.dispute.created", dispute)
        taken = self._line("adjustment", dispute, -dispute["amount"], fee=DISPUTE_FEE)
        dispute["balance_transactions"].append(taken)
        self._network.records.keep()
        self.tell("charge.dispute.funds_withdrawn", dispute)
        return str(dispute["id"])

    def close_dispute(self, key: str, *, is_won: bool) -> None:
        """Let the card's bank decide; what was won comes back, the fee does not."""
        dispute = self._network.records.disputes[key]
        dispute["status"] = "won" if is_won else "lost"
        if is_won:
            given = self._line("adjustment", dispute, dispute["amount"])
            dispute["balance_transactions"].append(given)
            self.tell("charge.dispute.funds_reinstated", dispute)
        self._network.records.keep()
        self.tell("charge.dispute.closed", dispute)

    # The network's account of us

    async def _pay_out_daily(self) -> None:
        last = max((one["created"] for one in self._network.records.payouts.values()), default=0)
        if self.pays_out_daily and second() - last > _DAY_S:
            await self.note_charges()
            self.pay_out()

    def pay_out(self) -> list[dict[str, Any]]:
        """Send what the network owes us to our bank; return one payout for each currency."""
        owed: dict[str, int] = {}
        for line in self._network.records.lines.values():
            if not line["_paid_out"] and line["type"] != "payout":
                owed[line["currency"]] = owed.get(line["currency"], 0) + line["net"]
        made = [self._pay_out(code, amount) for code, amount in owed.items() if amount > 0]
        self._network.records.keep()
        return made

    def _pay_out(self, currency: str, amount: int) -> dict[str, Any]:
        records, sent = self._network.records, second()
        for line in records.lines.values():
            line["_paid_out"] = line["_paid_out"] or line["currency"] == currency
        payout: dict[str, Any] = {
            "id": random_id("po_"),
            "object": "payout",
            "amount": amount,
            "currency": currency,
            "status": "paid",
            "created": sent,
            "automatic": True,
            "arrival_date": sent + _DAY_S,
        }
        records.payouts[payout["id"]] = payout
        self._line("payout", payout, -amount)
        self.tell("payout.paid", payout)
        return payout

    async def note_charges(self) -> None:
        """Take localstripe's charges into our account of lines, each once."""
        answer = await self._network.inner("GET", "/v1/charges?limit=100")
        lines = self._network.records.lines
        for charge in answer.json()["data"]:
            key = charge["balance_transaction"]
            if charge["status"] == "succeeded" and key and key not in lines:
                fee = min(charge["amount"], (charge["amount"] * 15 + 500) // 1000 + 25)
                self._line("charge", charge, charge["amount"], fee=fee, key=key)

    async def _lines(self, form: dict[str, Any]) -> Answer:
        await self.note_charges()
        lines = _newest(self._network.records.lines.values(), form)
        shown = [{k: v for k, v in line.items() if not k.startswith("_")} for line in lines]
        return listed(shown, "/v1/balance_transactions")

    def _line(
        self, kind: str, source: dict[str, Any], amount: int, *, fee: int = 0, key: str = ""
    ) -> dict[str, Any]:
        name = key or random_id("txn_")
        line = {
            "id": name,
            "object": "balance_transaction",
            "type": kind,
            "amount": amount,
            "fee": fee,
            "net": amount - fee,
            "currency": source["currency"],
            "created": second(),
            "status": "available",
            "source": {
                name: source[name] for name in ("id", "object", "payment_intent") if name in source
            },
        }
        self._network.records.lines[name] = line | {"_paid_out": False}
        return line

    def tell(self, kind: str, about: dict[str, Any]) -> None:
        """Send an event about an object as it stands now."""
        event = {
            "id": random_id("evt_"),
            "object": "event",
            "type": kind,
            "created": second(),
            "livemode": False,
            "data": {"object": about},
        }
        self._network.courier.send(json.dumps(event, ensure_ascii=False).encode())

    async def _intent(self, key: str) -> dict[str, Any] | None:
        answer = await self._network.inner("GET", f"/v1/payment_intents/{key}")
        if answer.status != 200:
            return None
        intent: dict[str, Any] = answer.json()
        return intent | {"amount_received": intent.get("amount_received") or intent["amount"]}


def _id(found: object) -> str:
    # A name, or the object of that name.
    return str(found["id"]) if isinstance(found, dict) else str(found)


def _newest(found: Iterable[dict[str, Any]], form: dict[str, Any]) -> list[dict[str, Any]]:
    since = int(form.get("created", {}).get("gte", 0))
    return sorted(
        (one for one in found if one["created"] >= since), key=lambda one: -one["created"]
    )


def _missing(what: str) -> Answer:
    return problem(404, "invalid_request_error", f"No such {what}.", code="resource_missing")
