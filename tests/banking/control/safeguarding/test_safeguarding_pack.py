"""The pack says who is owed what, proves each file, and is the same for the same books."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile

import pytest
from sqlalchemy import text

from banking import api as bank
from banking.control.safeguarding import jobs, queries, service
from banking.control.safeguarding.errors import PackUnknown
from banking.control.safeguarding.events import PackAsked
from banking.core.ledger import service as ledger
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.ids import new_id
from tests.banking.bank_objects import book, eur, house, make_customer
from tests.banking.control.safeguarding.safeguarded_days import compute, deposit, of_kind


def make_pack(outbox):
    asked = service.ask_pack(key=new_id(), actor=SYSTEM)
    with transaction(name="test", actor=SYSTEM):
        jobs.make_pack(of_kind(outbox, PackAsked)[-1])
    with reading():
        return queries.pack_file(asked.ref)


def test_the_pack_says_who_is_owed_what_and_proves_each_file(scope, clock, outbox, make_person):
    person = make_person()
    make_customer(owner_id=person.person_id)
    wallet = bank.open_wallet(
        owner_id=person.person_id, owner_kind="person", currency="EUR", actor=SYSTEM
    )
    book(
        ledger.Leg(wallet.account, eur("1250.50")),
        ledger.Leg(house("safeguarding_bank"), -eur("1250.50")),
    )
    deposit("1000.000", currency="KWD")
    compute(clock)

    view, content = make_pack(outbox)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    listed = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    assert view.sha256 == hashlib.sha256(content).hexdigest()
    assert listed == {
        name: hashlib.sha256(file).hexdigest()
        for name, file in files.items()
        if name != "SHA256SUMS"
    }
    rows = list(csv.DictReader(io.StringIO(files["customers.csv"].decode("utf-8-sig"))))
    mine = next(row for row in rows if row["iban"] == wallet.iban)
    assert (mine["name"], mine["email"], mine["amount"]) == (
        "Camille Martin",
        person.email,
        "1250.50",
    )
    assert {row["amount"] for row in rows if row["currency"] == "KWD"} == {"1000.000"}
    day = next(csv.DictReader(io.StringIO(files["safeguarding_days.csv"].decode("utf-8-sig"))))
    assert (day["on"], day["requirement"], day["resource"]) == ("2026-11-01", "1250.50", "1250.50")


def test_the_pack_of_the_same_books_is_the_same(scope, clock, outbox):
    deposit("100.00")
    compute(clock)

    contents = [make_pack(outbox)[1] for _ in range(2)]

    archives = [zipfile.ZipFile(io.BytesIO(content)) for content in contents]
    tables = [{n: a.read(n) for n in a.namelist() if n.endswith(".csv")} for a in archives]
    assert tables[0] == tables[1]


def test_a_name_in_the_pack_is_no_formula(scope, clock, outbox, db, make_person):
    person = make_person()
    db.execute(
        text("UPDATE kernel.person SET name = '=HYPERLINK(1)' WHERE id = :id"),
        {"id": person.person_id},
    )
    bank.open_wallet(owner_id=person.person_id, owner_kind="person", currency="EUR", actor=SYSTEM)

    _, content = make_pack(outbox)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"'=HYPERLINK(1)" in archive.read("customers.csv")


def test_a_pack_that_is_not_made_cannot_be_fetched(scope):
    asked = service.ask_pack(key=new_id(), actor=SYSTEM)

    with reading(), pytest.raises(PackUnknown):
        queries.pack_file(asked.ref)
