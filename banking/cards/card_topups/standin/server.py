"""The proxy in front of localstripe: keys, fees, hosted pages, webhooks, faults."""

from __future__ import annotations

import asyncio
import hashlib
import json
import warnings
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from banking.cards.card_topups.standin.answers import Answer, good, listed, problem
from banking.cards.card_topups.standin.back import Back
from banking.cards.card_topups.standin.faults import Fault
from banking.cards.card_topups.standin.hosted import Page, cut
from banking.cards.card_topups.standin.network import Network
from banking.cards.card_topups.standin.records import shown

with warnings.catch_warnings():
    # localstripe hands aiohttp plain functions, which still works and is told on every import.
    warnings.filterwarnings("ignore", message="Bare functions", category=DeprecationWarning)
    from localstripe import resources
    from localstripe import server as localstripe

HOST = "127.0.0.1"
_STYLE = Path(__file__).parent / "templates" / "page.css"


class Server:
    """The card network's one public address in front of localstripe's."""

    def __init__(self, network: Network) -> None:
        # localstripe would send each event once, a second later; the courier carries it instead.
        resources.schedule_webhook = self._tell
        self._network, self.back = network, Back(network)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._runners: list[web.AppRunner] = []

    async def start(self, *, port: int) -> str:
        """Listen on a port, 0 for any free one; return the public address."""
        self._network.inner_address = await self._listen(localstripe.app, 0)
        self._network.address = await self._listen(self._app(), port)
        return self._network.address

    def _tell(self, event: resources.Event) -> None:
        payload = json.dumps(event._export())  # noqa: SLF001 - how localstripe itself sends it
        self._network.courier.send(payload.encode())

    async def stop(self) -> None:
        """Stop listening and delivering."""
        await self.back.close()
        await self._network.courier.close()
        for runner in reversed(self._runners):
            await runner.cleanup()

    async def _listen(self, app: web.Application, port: int) -> str:
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, HOST, port)
        await site.start()
        self._runners.append(runner)
        return f"http://{HOST}:{runner.addresses[0][1]}"

    def _app(self) -> web.Application:
        page = Page(self._network, self.back)
        app = web.Application(client_max_size=256 * 1024)
        app.router.add_get("/c/pay/{key}", page.show)
        app.router.add_post("/c/pay/{key}", page.pay)
        app.router.add_post("/c/pay/{key}/approve", page.approve)
        app.router.add_get("/c/page.css", self._style)
        app.router.add_route("*", "/_faults", self._order_faults)
        app.router.add_post("/_world", self._happen)
        app.router.add_route("*", "/v1/{path:.*}", self._api)
        return app

    async def _style(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(_STYLE)

    async def _order_faults(self, request: web.Request) -> web.Response:
        if request.method == "POST":
            wanted = await request.json()
            self._network.faults.order(Fault(wanted["fault"]), int(wanted.get("times", 1)))
        elif request.method == "DELETE":
            self._network.faults.clear()
        return web.json_response(self._network.faults.left())

    async def _happen(self, request: web.Request) -> web.Response:
        """Let something happen out there: a dispute, its end, a refund sent back, a payout."""
        wanted = await request.json()
        match wanted["act"]:
            case "dispute":
                return web.json_response({"id": await self.back.open_dispute(wanted["payment"])})
            case "decide":
                self.back.close_dispute(wanted["dispute"], is_won=bool(wanted["won"]))
            case "return":
                self.back.end_refund(wanted["refund"], "failed")
            case "let_go":
                return web.json_response({"delivered": self._network.courier.let_go()})
            case "pay_out":
                await self.back.note_charges()
                return web.json_response([one["id"] for one in self.back.pay_out()])
            case _:
                raise web.HTTPBadRequest
        return web.json_response({})

    async def _api(self, request: web.Request) -> web.StreamResponse:
        if not request.headers.get("Authorization", "").startswith("Bearer sk_"):
            return _json(problem(401, "authentication_error", "No API key."))
        if request.method == "POST" and self._network.faults.take(Fault.REFUSE_API):
            return _json(problem(500, "api_error", "Out of order."))
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST" or not key:
            return _json(await self._work(request))
        async with self._locks[key]:
            answer, is_replay = await self._once(request, key)
        if self._network.faults.take(Fault.LOSE_API_ANSWER):
            return cut(request)
        return _json(answer, is_replay=is_replay)

    async def _once(self, request: web.Request, key: str) -> tuple[Answer, bool]:
        content = request.path.encode() + b"\0" + await request.read()
        digest = hashlib.sha256(content).hexdigest()
        earlier = self._network.records.answers.get(key)
        if earlier is not None and earlier["digest"] != digest:
            words = "Keys for idempotent requests can only be used with the same parameters."
            return problem(400, "idempotency_error", words), False
        if earlier is not None:
            return Answer(earlier["status"], earlier["body"]), True
        answer = await self._work(request)
        # As at the real network, what was refused before any work may be tried again.
        if answer.status not in {400, 401, 409, 429}:
            self._network.records.answers[key] = {
                "digest": digest,
                "status": answer.status,
                "body": answer.body,
            }
            self._network.records.keep()
        return answer, False

    async def _work(self, request: web.Request) -> Answer:
        path = request.match_info["path"]
        if path == "checkout/sessions" and request.method == "POST":
            return self._open_session(localstripe.unflatten_data(await request.post()))
        if path.startswith("checkout/sessions/"):
            return await self._show_session(path.removeprefix("checkout/sessions/"))
        if path == "payment_intents" or path.startswith("payment_intents/pi_"):
            form = await request.post() if request.method == "POST" else request.query
            key = path.removeprefix("payment_intents").strip("/")
            return await self._saved(request.method, key, localstripe.unflatten_data(form))
        given = await request.post() if request.method == "POST" else request.query
        answer = await self.back.work(request.method, path, localstripe.unflatten_data(given))
        return answer or await self._forward(request)

    def _open_session(self, wanted: dict[str, Any]) -> Answer:
        try:
            session = self._network.records.open_session(
                wanted, public_address=self._network.address
            )
        except (KeyError, TypeError, ValueError) as error:
            return problem(400, "invalid_request_error", f"Not understood: {error!r}")
        return Answer(200, json.dumps(session, ensure_ascii=False))

    async def _show_session(self, key: str) -> Answer:
        """Return a session with its payment, charge and balance transaction unfolded."""
        session = self._network.records.session(key)
        if session is None:
            return problem(404, "invalid_request_error", "No such checkout.session.")
        view = shown(session)
        if view["payment_intent"]:
            expand = "expand[]=latest_charge.balance_transaction"
            intent = await self._network.inner(
                "GET", f"/v1/payment_intents/{view['payment_intent']}?{expand}"
            )
            view["payment_intent"] = with_fees(await self._with_card(intent.json()))
            view["payment_intent"]["payment_method"] = await self._method(view["payment_intent"])
        return Answer(200, json.dumps(view, ensure_ascii=False))

    async def _with_card(self, intent: dict[str, Any]) -> dict[str, Any]:
        """Return a payment whose charge says which card paid: localstripe keeps that apart."""
        method, charge = intent.get("payment_method"), intent.get("latest_charge")
        if method and isinstance(charge, dict):
            found = await self._network.inner("GET", f"/v1/payment_methods/{method}")
            if found.status == 200:
                card = found.json()["card"]
                charge["payment_method_details"] = {"type": "card", "card": card}
        return intent

    async def _method(self, intent: dict[str, Any]) -> dict[str, Any] | None:
        found = await self._network.inner("GET", f"/v1/payment_methods/{intent['payment_method']}")
        return found.json() if found.status == 200 else None

    async def _saved(self, method: str, key: str, form: dict[str, Any]) -> Answer:
        """Charge a saved card, list what one was charged, or show one payment."""
        if method == "POST":
            return await self._charge_saved(form)
        if not key:
            answer = await self._network.inner("GET", "/v1/payment_intents?limit=100")
            kept = [one for one in answer.json()["data"] if one["customer"] == form["customer"]]
            return listed(kept, "/v1/payment_intents")
        expand = "expand[]=latest_charge.balance_transaction"
        answer = await self._network.inner("GET", f"/v1/payment_intents/{key}?{expand}")
        if answer.status != 200:
            return answer
        return good(with_fees(await self._with_card(answer.json())))

    async def _charge_saved(self, form: dict[str, Any]) -> Answer:
        named = {f"metadata[{k}]": str(v) for k, v in form.get("metadata", {}).items()}
        asked = ("amount", "currency", "customer", "payment_method", "confirm")
        answer = await self._network.inner(
            "POST", "/v1/payment_intents", {name: str(form[name]) for name in asked} | named
        )
        if answer.status != 200:
            return answer
        intent = answer.json()
        if intent["status"] == "requires_action":
            records = self._network.records
            url = records.open_step(
                intent, back_to=form["return_url"], public_address=self._network.address
            )
            step = {"type": "redirect_to_url", "redirect_to_url": {"url": url}}
            return good(intent | {"next_action": step})
        return await self._saved("GET", intent["id"], {})

    async def _forward(self, request: web.Request) -> Answer:
        headers = {
            name: request.headers[name]
            for name in ("Authorization", "Content-Type")
            if name in request.headers
        }
        async with (
            aiohttp.ClientSession() as client,
            client.request(
                request.method,
                self._network.inner_address + request.path_qs,
                data=await request.read(),
                headers=headers,
            ) as answer,
        ):
            body = await answer.text()
            if answer.content_type == "application/json":
                body = json.dumps(with_fees(json.loads(body)), ensure_ascii=False)
            return Answer(answer.status, body)


def with_fees(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return JSON in which every charge's balance transaction carries a fee: 1.5 % and 25 units.

    localstripe charges nothing, which no network does.
    """
    if isinstance(value, list):
        return [with_fees(item) for item in value]
    if not isinstance(value, dict):
        return value
    resource = {name: with_fees(item) for name, item in value.items()}
    if resource.get("object") == "balance_transaction" and resource.get("type") == "charge":
        fee = min(resource["amount"], (resource["amount"] * 15 + 500) // 1000 + 25)
        resource |= {"fee": fee, "net": resource["amount"] - fee}
    return resource


async def serve(
    server: Server,
    *,
    port: int,
    ready: Callable[[str], None],
    until: Callable[[], Awaitable[object]],
) -> None:
    """Run the network until told otherwise; `ready` learns the address."""
    ready(await server.start(port=port))
    try:
        await until()
    finally:
        await server.stop()


def _json(answer: Answer, *, is_replay: bool = False) -> web.Response:
    headers = {"Idempotent-Replayed": "true"} if is_replay else {}
    return web.Response(
        text=answer.body, status=answer.status, content_type="application/json", headers=headers
    )
