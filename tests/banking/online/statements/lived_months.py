"""What moves in a wallet over months, and the papers of it."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal

from bank_objects import CARD, house
from sqlalchemy import text

from banking import api as bank
from banking.core.ledger import service as ledger
from banking.online.statements import queries, service
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money

NS = {"c": "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"}
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


def top_up(wallet, amount, *, subject="T-TEST2345", memo=""):
    money = Money.of(amount, wallet.currency)
    return ledger.post(
        key=new_id(),
        kind="card_top_up",
        subject=subject,
        actor=SYSTEM,
        legs=[
            ledger.Leg(wallet.account, money, memo=memo),
            ledger.Leg(house(CARD, wallet.currency), -money),
        ],
    )


def pay(wallet, amount, *, subject="G-7K2M9QXA"):
    money = Money.of(amount, wallet.currency)
    return ledger.post(
        key=new_id(),
        kind="escrow_funded",
        subject=subject,
        actor=SYSTEM,
        legs=[
            ledger.Leg(wallet.account, -money),
            ledger.Leg(house(bank.AccountKind.SUSPENSE, wallet.currency), money),
        ],
    )


def exchange(wallet, amount, fee):
    money, margin = Money.of(amount, wallet.currency), Money.of(fee, wallet.currency)
    return ledger.post(
        key=new_id(),
        kind="exchange",
        subject="X-ABCD2345",
        actor=SYSTEM,
        legs=[
            ledger.Leg(wallet.account, -money),
            ledger.Leg(house(bank.AccountKind.FX_POSITION, wallet.currency), money - margin),
            ledger.Leg(house(bank.AccountKind.FX_REVENUE, wallet.currency), margin),
        ],
    )


def months_of(wallet):
    with reading() as current:
        return current.execute(
            text(
                "SELECT sequence, month, opening_minor, closing_minor, entries"
                " FROM banking.statements WHERE wallet_id = :w ORDER BY sequence"
            ),
            {"w": wallet.id},
        ).all()


def period_of(wallet, month):
    with reading():
        return queries.month_period(wallet_id=wallet.id, month=month)


def paper(wallet, month, kind, locale="en"):
    return service.month_paper(
        wallet_id=wallet.id, month=month, kind=kind, locale=locale, actor=SYSTEM
    )


def read_camt(content):
    """Read a statement as a program would that knows the standard and not us."""
    statement = ET.fromstring(content).find("c:BkToCstmrStmt/c:Stmt", NS)  # noqa: S314 - our own file

    def signed(node):
        amount = Decimal(node.findtext("c:Amt", namespaces=NS))
        return -amount if node.findtext("c:CdtDbtInd", namespaces=NS) == "DBIT" else amount

    balances = {
        node.findtext("c:Tp/c:CdOrPrtry/c:Cd", namespaces=NS): signed(node)
        for node in statement.findall("c:Bal", NS)
    }
    entries = [
        (int(node.findtext("c:NtryRef", namespaces=NS)), signed(node))
        for node in statement.findall("c:Ntry", NS)
    ]
    return statement, balances, entries


def read_csv(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
