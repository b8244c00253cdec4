"""What the stand-in remembers over a restart: hosted pages, answers by key, localstripe's store."""

from __future__ import annotations

import json
import pickle
import secrets
from pathlib import Path
from typing import Any

from localstripe import resources

from kernel import clock

_LIFE_S = 86_400
_PAGES = ("sessions", "answers", "refunds", "disputes", "lines", "payouts")


def second() -> int:
    """Return the second in which the network lives: that of the business it works for.

    It pays out, and waits for evidence, by the days that pass there, also where they are moved.
    """
    return int(clock.now().timestamp())


def random_id(prefix: str) -> str:
    """Return an identifier in the network's own style."""
    return prefix + secrets.token_hex(12)


class Records:
    """Hosted pages, answers by idempotency key, and what went back, in one JSON file."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "books.json"
        pages = json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}
        self._pages: dict[str, dict[str, dict[str, Any]]] = {
            name: pages.get(name, {}) for name in _PAGES
        }
        self.sessions, self.answers = self._pages["sessions"], self._pages["answers"]
        self.refunds, self.disputes = self._pages["refunds"], self._pages["disputes"]
        self.lines, self.payouts = self._pages["lines"], self._pages["payouts"]

    def keep(self) -> None:
        """Write everything down."""
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(self._pages, ensure_ascii=False), encoding="utf-8")
        draft.replace(self._path)

    def clear(self) -> None:
        """Forget everything but hosted pages and answers (tests)."""
        for page in (self.refunds, self.disputes, self.lines, self.payouts):
            page.clear()

    def card_of(self, intent: str) -> str:
        """Return the last digits of the card that paid, empty when no page of ours knows."""
        paid = (s for s in self.sessions.values() if s["payment_intent"] == intent)
        return next((str(session.get("_card", "")) for session in paid), "")

    def open_session(self, wanted: dict[str, Any], *, public_address: str) -> dict[str, Any]:
        """Keep a hosted page for one payment and return it as the API shows it.

        Raises: KeyError, TypeError or ValueError when the request is not understood.
        """
        line = wanted["line_items"][0]
        price = line["price_data"]
        quantity = int(line["quantity"])
        amount = int(price["unit_amount"]) * quantity
        if wanted["mode"] != "payment" or amount <= 0 or len(wanted["line_items"]) != 1:
            raise ValueError("one payment of one line")
        key, opened = random_id("cs_test_"), second()
        session = {
            "id": key,
            "object": "checkout.session",
            "amount_total": amount,
            "currency": str(price["currency"]).lower(),
            "client_reference_id": wanted.get("client_reference_id"),
            "created": opened,
            "expires_at": opened + _LIFE_S,
            "livemode": False,
            "metadata": wanted.get("metadata", {}),
            "mode": "payment",
            "payment_intent": None,
            "payment_status": "unpaid",
            "status": "open",
            "success_url": str(wanted["success_url"]),
            "cancel_url": wanted.get("cancel_url"),
            "url": f"{public_address}/c/pay/{key}",
        }
        self.sessions[key] = session | {
            "_title": price["product_data"]["name"],
            "_intent_metadata": wanted.get("payment_intent_data", {}).get("metadata", {}),
            "_pending": None,
            "_card": "",
            "_keeps": wanted.get("customer_creation") == "always",
        }
        self.keep()
        return session

    def open_step(self, intent: dict[str, Any], *, back_to: str, public_address: str) -> str:
        """Keep a page where a saved card's payment is approved; return its address."""
        key = random_id("cs_step_")
        self.sessions[key] = {
            "id": key,
            "amount_total": intent["amount"],
            "currency": intent["currency"],
            "expires_at": second() + _LIFE_S,
            "metadata": intent["metadata"],
            "payment_intent": None,
            "payment_status": "unpaid",
            "status": "open",
            "success_url": back_to,
            "cancel_url": None,
            "url": f"{public_address}/c/pay/{key}",
            "_title": "",
            "_intent_metadata": intent["metadata"],
            "_pending": {"id": intent["id"], "secret": intent["client_secret"]},
            "_card": "",
            "_keeps": False,
            "_is_step": True,
        }
        self.keep()
        return str(self.sessions[key]["url"])

    def session(self, key: str) -> dict[str, Any] | None:
        """Return a hosted page in its present state, None when there is none."""
        page = self.sessions.get(key)
        if page is not None and page["status"] == "open" and page["expires_at"] < second():
            page |= {"status": "expired", "url": None}
        return page


def shown(session: dict[str, Any]) -> dict[str, Any]:
    """Return a hosted page without what is only ours."""
    return {name: value for name, value in session.items() if not name.startswith("_")}


def keep_store_in(folder: Path) -> None:
    """Let localstripe keep its objects in this folder instead of a file all users share."""
    path = folder / "store.pickle"
    resources.Store.dump_to_disk = lambda _store: None
    if path.exists():
        resources.store.update(pickle.loads(path.read_bytes()))  # noqa: S301 - our own file

    def dump(store: resources.Store) -> None:
        draft = path.with_suffix(".new")
        draft.write_bytes(pickle.dumps(dict(store)))
        draft.replace(path)

    resources.Store.dump_to_disk = dump
