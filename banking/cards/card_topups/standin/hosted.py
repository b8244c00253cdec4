"""The card network's own page: cards are typed here and never reach the house."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from banking.cards.card_topups.rules import from_network
from banking.cards.card_topups.standin.back import DISPUTED, Back
from banking.cards.card_topups.standin.faults import Fault
from banking.cards.card_topups.standin.network import Network
from kernel import clock
from kernel.text import N_
from kernel.web import i18n
from kernel.web.formats import format_money
from kernel.web.line_breaks import LineBreaks

DECLINED = N_("The card was declined. Nothing was charged. Try another card.")
NOT_APPROVED = N_("The payment wasn't approved. Nothing was charged.")
NO_CARD = N_("Check the card number. It doesn't add up.")
NO_EXPIRY = N_("Enter an expiry date that hasn't passed, like 08/29.")
NO_CVC = N_("Enter the three digits on the back of the card.")

# Where a complaint stands; what a bank says of a whole card stands above.
_FIELDS = {NO_CARD: "number", NO_EXPIRY: "expiry", NO_CVC: "cvc"}

_locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)


class Page:
    """Shows the card page of one payment and charges what is typed there."""

    def __init__(self, network: Network, back: Back) -> None:
        self._network, self._back = network, back
        self._env = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n", LineBreaks],
        )
        i18n.install(self._env)

    async def show(self, request: web.Request) -> web.Response:
        """Show the form, the approval the cardholder's bank asks for, or where it ended."""
        session = self._session(request)
        if session["status"] == "complete":
            raise web.HTTPSeeOther(_back(session))
        return self._page(session)

    async def pay(self, request: web.Request) -> web.StreamResponse:
        """Charge the card once, however often the form is sent."""
        session = self._session(request)
        form = {name: str(value) for name, value in (await request.post()).items()}
        async with _locks[session["id"]]:
            if session["status"] != "open":
                return self._ended(session)
            card, wrong = read_card(form)
            if wrong:
                return self._page(session, wrong=wrong, status=422, typed=form)
            problem = await self._charge(session, card)
            if not problem and card["number"].endswith(DISPUTED) and session["payment_intent"]:
                await self._back.open_dispute(session["payment_intent"])
        if self._network.faults.take(Fault.LOSE_PAGE_ANSWER):
            return cut(request)
        return self._page(session, wrong=problem, status=402) if problem else self._ended(session)

    async def approve(self, request: web.Request) -> web.StreamResponse:
        """Finish a payment that the cardholder's bank wanted approved."""
        session = self._session(request)
        is_approved = (await request.post()).get("answer") == "yes"
        async with _locks[session["id"]]:
            pending = session["_pending"]
            if session["status"] == "open" and pending:
                session["_pending"] = None
                answer = await self._network.inner(
                    "POST",
                    f"/v1/payment_intents/{pending['id']}/_authenticate",
                    {"client_secret": pending["secret"], "success": str(is_approved).lower()},
                )
                if not is_approved or answer.status != 200:
                    if session.get("_is_step"):  # whoever refuses a saved card pays another way
                        session |= {"status": "complete", "url": None}
                    self._network.records.keep()
                    if session.get("_is_step"):
                        return self._ended(session)
                    words = NOT_APPROVED if not is_approved else DECLINED
                    return self._page(session, wrong=words, status=402)
                self._paid(session, answer.json()["id"])
        return self._ended(session)

    async def _charge(self, session: dict[str, Any], card: dict[str, str]) -> str | None:
        method = await self._network.inner(
            "POST",
            "/v1/payment_methods",
            {"type": "card"} | {f"card[{name}]": value for name, value in card.items()},
        )
        if method.status != 200:
            return DECLINED
        metadata = {f"metadata[{k}]": v for k, v in session["_intent_metadata"].items()}
        kept = await self._kept(method.json()["id"]) if session.get("_keeps") else ""
        answer = await self._network.inner(
            "POST",
            "/v1/payment_intents",
            ({"customer": kept} if kept else {})
            | {
                "amount": str(session["amount_total"]),
                "currency": session["currency"],
                "payment_method": method.json()["id"],
                "confirm": "true",
            }
            | metadata,
        )
        if answer.status != 200:
            return DECLINED
        intent = answer.json()
        session["customer"] = kept or None
        session["_card"] = card["number"][-4:]
        if intent["status"] == "requires_action":
            session["_pending"] = {"id": intent["id"], "secret": intent["client_secret"]}
            self._network.records.keep()
        else:
            self._paid(session, intent["id"])
        return None

    async def _kept(self, method: str) -> str:
        """Keep a card for a new customer, as its holder ticked; return the customer."""
        customer = await self._network.inner("POST", "/v1/customers", {})
        name = str(customer.json()["id"])
        answer = await self._network.inner(
            "POST", f"/v1/payment_methods/{method}/attach", {"customer": name}
        )
        return name if answer.status == 200 else ""

    def _paid(self, session: dict[str, Any], intent: str) -> None:
        session |= {
            "status": "complete",
            "payment_status": "paid",
            "payment_intent": intent,
            "url": None,
        }
        self._network.records.keep()
        shown = {name: value for name, value in session.items() if not name.startswith("_")}
        self._back.tell("checkout.session.completed", shown)

    def _session(self, request: web.Request) -> dict[str, Any]:
        page = self._network.records.session(request.match_info["key"])
        if page is None:
            raise web.HTTPNotFound
        return page

    def _ended(self, session: dict[str, Any]) -> web.Response:
        if session["status"] == "complete":
            raise web.HTTPSeeOther(_back(session))
        return self._page(session)

    def _page(
        self,
        session: dict[str, Any],
        *,
        wrong: str | None = None,
        status: int = 200,
        typed: dict[str, str] | None = None,
    ) -> web.Response:
        name = "card.html" if session["status"] == "open" else "over.html"
        if session["_pending"]:
            name = "approve.html"
        locale = session["metadata"].get("locale", "en")
        amount = from_network(session["amount_total"], session["currency"].upper())
        with i18n.use_locale(locale):
            text = self._env.get_template(name).render(
                session=session,
                wrong=wrong,
                field=_FIELDS.get(wrong or ""),
                typed=typed or {},
                amount=format_money(amount, explicit=False),
            )
        headers = {
            "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; "
            f"form-action 'self' {_origin(session['success_url'])}; frame-ancestors 'none'",
            "Cache-Control": "no-store",
        }
        return web.Response(text=text, status=status, content_type="text/html", headers=headers)


def read_card(form: dict[str, str]) -> tuple[dict[str, str], str | None]:
    """Return a card as the API wants it, or what is wrong with what was typed."""
    number = re.sub(r"[\s-]", "", i18n.ascii_digits(form.get("number", "")))
    expiry = re.fullmatch(
        r"(0?[1-9]|1[0-2])\s*[/-]?\s*(\d{2}|20\d{2})", i18n.ascii_digits(form.get("expiry", ""))
    )
    cvc = i18n.ascii_digits(form.get("cvc", ""))
    if not re.fullmatch(r"\d{16}", number) or not adds_up(number):
        return {}, NO_CARD
    today = clock.today()
    year = int(expiry[2]) % 100 + 2000 if expiry else 0
    if expiry is None or (year, int(expiry[1])) < (today.year, today.month):
        return {}, NO_EXPIRY
    if not re.fullmatch(r"\d{3}", cvc):
        return {}, NO_CVC
    return {"number": number, "exp_month": expiry[1], "exp_year": str(year), "cvc": cvc}, None


def adds_up(number: str) -> bool:
    """Whether a card number passes its check digit."""
    doubled = [int(digit) * 2 for digit in reversed(number[:-1])][::2]
    plain = [int(digit) for digit in reversed(number[:-1])][1::2]
    total = sum(figure - 9 if figure > 9 else figure for figure in doubled) + sum(plain)
    return (total + int(number[-1])) % 10 == 0


def cut(request: web.Request) -> web.StreamResponse:
    """End the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=504)


def _back(session: dict[str, Any]) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _origin(address: str) -> str:
    return "/".join(address.split("/")[:3])
