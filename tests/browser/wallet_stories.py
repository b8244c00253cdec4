"""What a buyer does with wallets: exchanges, transfers, files, one wallet closed."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.authorisation.late_credits import queries as late_queries
from banking.authorisation.late_credits import service as late_credits
from banking.core.ledger import service as ledger
from banking.online.closing import service as closing
from kernel import clock, sealing
from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.emails import service as emails
from kernel.people.identity import service as identity
from marketplace.logistics.shipping.cli import settle
from tests.banking.transferring.payment_files.file_objects import pain, pmt, tx
from tests.browser.people import browser, post
from tests.market import PASSWORD

_LINKS = text(
    "SELECT template, data -> 'token' AS token FROM kernel.mail"
    " WHERE template LIKE 'kernel/mail/email_%'"
)
_CLOSED = text("SELECT ref FROM banking.closings WHERE done_at IS NOT NULL")
_LATE = text(
    "SELECT c.ref, m.data -> 'token' AS token FROM banking.late_credits c"
    " JOIN kernel.mail m ON m.data ->> 'ref' = c.ref"
)


def money(app: Flask, buyer: Actor) -> dict[str, str]:
    """Top up, exchange, and ask what another exchange would bring."""
    mine = browser(app, buyer)
    quotes = [
        bank.fx_quote(
            owner_id=buyer.person_id,
            sell="EUR",
            buy="USD",
            side="sell",
            amount=Money.of("25", "EUR"),
            actor=buyer,
        )
        for _ in range(2)
    ]
    made = post(mine, f"/en/bank/exchange/{quotes[0].id}")
    with reading():
        wallet = bank.wallet_for(owner_id=buyer.person_id, currency="EUR")
    begun = bank.start_top_up(
        wallet_id=wallet.id, amount=Money.of("20", "EUR"), key=new_id(), actor=buyer
    )
    wallet_page = mine.get("/en/bank/wallets/eur").text
    movement = re.search(r"/bank/movements/(\d+)", wallet_page)
    assert movement is not None
    key, days = {"key": str(new_id())}, {"from": "2026-01-01", "to": clock.today().isoformat()}
    pot = post(mine, "/en/bank/pots/", name="Kyoto in spring", currency="EUR", target="900", **key)
    post(mine, f"{pot}/in", amount="15", key=str(new_id()))
    asked = post(mine, "/en/bank/statements/orders", currency="EUR", format="pdf", **key, **days)
    return {
        "pot": pot.rsplit("/", 1)[1],
        "statement": asked.rsplit("/", 1)[1],
        "exchange": made.rsplit("/", 1)[1],
        "quote": str(quotes[1].id),
        "top_up": begun.ref,
        "movement": movement[1],
    } | _paying(mine)


def _paying(mine: FlaskClient) -> dict[str, str]:
    """Send money, begin to send more, ask for some, and make a payment regular."""
    drafts = []
    for name, amount in (("Amélie Dupont", "25"), ("A. Dupont", "25")):
        begun = post(
            mine, "/en/bank/send", to="FR1420041010050500013M02606", name=name, key=str(new_id())
        )
        drafts.append(post(mine, begun, currency="EUR", amount=amount, reference="Tea"))
        if len(drafts) == 1:
            sent = post(mine, drafts[0])
    post(mine, f"{sent}/payee")
    post(mine, "/en/bank/handle", handle="camille")
    asked = post(
        mine,
        "/en/bank/request",
        currency="EUR",
        amount="20",
        reference="Lunch",
        days="30",
        key=str(new_id()),
    )
    first_on = (clock.today() + timedelta(days=9)).isoformat()
    post(
        mine,
        f"{sent}/regularly",
        amount="40",
        cadence="monthly",
        first_on=first_on,
        key=str(new_id()),
    )
    listed = re.search(r"/bank/standing/(R-\w+)", mine.get("/en/bank/standing").text)
    assert listed is not None
    return {
        "transfer": sent.rsplit("/", 1)[1],
        "draft": drafts[1].split("/")[-2],
        "asked": asked.rsplit("/", 1)[1],
        "standing": listed[1],
    } | _file(mine)


def _file(mine: FlaskClient) -> dict[str, str]:
    """Send a payment file, one group of which is refused, and ask to approve the rest."""
    example = mine.get("/en/bank/files/example/eur").data
    iban = re.search(rb"<DbtrAcct>\s*<Id>\s*<IBAN>(\w+)", example)
    assert iban is not None
    debtor, today = iban[1].decode(), clock.today().isoformat()
    lines = "<PstlAdr><AdrLine>7 rue de la Paix</AdrLine><AdrLine>Paris</AdrLine></PstlAdr>"
    other = {"iban": "FR1420041010050500013M02606", "name": "Amelie Dupond"}
    content = pain(
        pmt(debtor, tx(1, "12.50", **other), tx(2, "8"), day=today, ref="WAGES-11"),
        pmt(
            debtor,
            tx(3, address=lines),
            tx(4, iban="DE00370400440000000002"),
            day=today,
            ref="SUPPLIERS-11",
        ),
    )
    answer = mine.post(
        "/en/bank/files/",
        data={
            "csrf_token": "test-token",
            "key": str(new_id()),
            "file": (BytesIO(content), "november.xml"),
        },
    )
    assert answer.status_code == 303, answer.text[-3000:]
    file = answer.headers["Location"]
    asked = post(mine, f"{file}/approve", whatever_names="on")
    return {"file": file.rsplit("/", 1)[1], "file_approval": asked.rsplit("/", 1)[1]}


def everyday(buyer: Actor, checkout: str) -> dict[str, str]:
    """Close a wallet, leave another to close, ask about an order and about a new address."""
    opened = [
        bank.open_wallet(
            owner_id=buyer.person_id, owner_kind="person", currency=currency, actor=buyer
        )
        for currency in ("CHF", "GBP")
    ]
    asked = closing.ask(owner_id=buyer.person_id, wallet_id=opened[0].id, actor=buyer)
    approvals.give(approval_id=asked.id, method="totp", actor=buyer)
    question = bank.ask_approval(
        person_id=buyer.person_id,
        act=bank.Act.PURCHASE,
        amount=Money.of("612", "EUR"),
        payee="青岚陶艺, Lysholm Design",
        account=f"{checkout}:1",
        subject=checkout,
        actor=buyer,
    )
    _late_credit(opened[0])
    identity.confirm(given=None, password=PASSWORD, address="192.0.2.9", actor=buyer)
    emails.ask(email="camille@new.example.com", actor=buyer)
    settle()
    with reading() as current:
        tokens = {row.template: sealing.opened(row.token) for row in current.execute(_LINKS)}
        closed = current.execute(_CLOSED).scalar_one()
        late = current.execute(_LATE).one()
    return {
        "closing": closed,
        "waiting": late.ref,
        "waiting_link": sealing.opened(late.token),
        "purchase": str(question.id),
        "confirm": tokens["kernel/mail/email_confirm.txt"],
        "keep": tokens["kernel/mail/email_asked.txt"],
    }


def _late_credit(closed: bank.WalletView) -> None:
    """Let money come for a wallet that its owner closed, as a claim decided late does."""
    amount, key = Money.of("44.80", closed.currency), new_id()
    with reading():
        beside = late_queries.landing(wallet_id=closed.id, currency=closed.currency)
    loss = ledger.AccountRef.house(bank.AccountKind.PLATFORM_LOSS, closed.currency)
    ledger.post(
        key=key,
        kind="goodwill",
        legs=[ledger.Leg(loss, -amount), ledger.Leg(beside, amount)],
        subject="C-7K2M9QXA",
        actor=SYSTEM,
    )
    late_credits.keep(
        key=key, wallet_id=closed.id, amount=amount, subject="C-7K2M9QXA", actor=SYSTEM
    )
