"""A closed month as camt.053, MT940, CSV and paper: other programs read what the ledger says."""

from __future__ import annotations

import io
from decimal import Decimal
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import mt940
import pyiso20022
import pytest
from bank_objects import make_wallet
from pypdf import PdfReader

from banking.online.statements import camt, service
from banking.online.statements import mt940 as swift
from banking.online.statements.errors import AmountTooLong
from banking.online.statements.rules import Format
from kernel import documents
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.asking import says
from tests.banking.online.statements.lived_months import (
    NOVEMBER,
    NS,
    OCTOBER,
    SEPTEMBER,
    paper,
    pay,
    period_of,
    read_camt,
    read_csv,
    top_up,
)


@pytest.mark.parametrize("kind", Format)
def test_every_download_is_the_same_file(closed, clock, kind):
    first = paper(closed, SEPTEMBER, kind)
    clock("2027-03-01T09:00")

    again = paper(closed, SEPTEMBER, kind)

    assert again == first
    with reading():
        kept = documents.kept(subject=f"banking.statement/{closed.id}/2026-09", edition=kind.value)
    assert [one.locale for one in kept] == ["en"]


@pytest.mark.parametrize("month", [SEPTEMBER, OCTOBER, NOVEMBER])
def test_camt_says_what_the_ledger_says(closed, month):
    statement, balances, entries = read_camt(paper(closed, month, Format.CAMT).content)

    period = period_of(closed, month)
    assert balances == {"OPBD": period.opening.amount, "CLBD": period.closing.amount}
    assert balances["OPBD"] + sum(amount for _, amount in entries) == balances["CLBD"]
    assert entries == [(line.entry_id, line.amount.amount) for line in period.lines]
    assert statement.findtext("c:Acct/c:Id/c:IBAN", namespaces=NS) == closed.iban
    assert statement.findtext("c:ElctrncSeqNb", namespaces=NS) == str(period.sequence)
    count = statement.findtext("c:TxsSummry/c:TtlNtries/c:NbOfNtries", namespaces=NS)
    assert count == str(len(entries))


def test_camt_tells_a_fee_inside_the_amount_and_never_beside_it(closed):
    statement, _, _ = read_camt(paper(closed, NOVEMBER, Format.CAMT).content)

    entry = statement.find("c:Ntry", NS)
    transaction = entry.find("c:NtryDtls/c:TxDtls", NS)
    assert entry.findtext("c:Amt", namespaces=NS) == "200.00"
    assert transaction.findtext("c:Amt", namespaces=NS) == "200.00"
    charge = transaction.find("c:Chrgs/c:Rcrd", NS)
    assert charge.findtext("c:Amt", namespaces=NS) == "1.00"
    assert charge.findtext("c:ChrgInclInd", namespaces=NS) == "true"


@pytest.mark.parametrize("month", [SEPTEMBER, OCTOBER, NOVEMBER])
def test_camt_keeps_the_rules_of_its_own_message(closed, month):
    found = checker().validate_message(camt.document(period_of(closed, month)))

    assert found.is_valid, [str(error) for error in found.errors]


def checker():
    """Return the library's validation alone: its folder wants a package of spreadsheets."""
    folder = Path(pyiso20022.__file__).parent / "tools"
    spec = spec_from_file_location("iso20022_validation", folder / "validation.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("month", [SEPTEMBER, OCTOBER, NOVEMBER])
def test_mt940_is_read_by_another_program_as_the_ledger_says(closed, month):
    content = paper(closed, month, Format.MT940).content

    read = mt940.parse(content.decode("ascii"))

    period = period_of(closed, month)
    assert read.data["final_opening_balance"].amount.amount == period.opening.amount
    assert read.data["final_closing_balance"].amount.amount == period.closing.amount
    assert read.data["account_identification"] == closed.iban
    assert int(read.data["statement_number"]) == period.sequence
    told = [
        (int(t.data["bank_reference"]), t.data["amount"].amount, t.data["date"])
        for t in read.transactions
        if "amount" in t.data
    ]
    assert told == [(line.entry_id, line.amount.amount, line.value_on) for line in period.lines]
    assert all(len(line) <= 70 for line in content.decode("ascii").split("\r\n"))


def test_mt940_writes_foreign_letters_as_swift_can():
    assert swift.plain("Crème brûlée — ß ø 茶 Ł") == "Creme brulee . ss o . L"
    assert swift.amount(Money(-1234, "JPY")) == "1234,"
    assert swift.amount(Money(5, "KWD")) == "0,005"
    with pytest.raises(AmountTooLong):
        swift.amount(Money(10**15, "EUR"))


def test_csv_shows_the_same_totals(closed):
    rows = read_csv(paper(closed, SEPTEMBER, Format.CSV).content)

    assert [row["row"] for row in rows] == ["opening", "entry", "entry", "closing"]
    amounts = [Decimal(row["amount"]) for row in rows if row["row"] == "entry"]
    assert Decimal(rows[0]["balance"]) + sum(amounts) == Decimal(rows[-1]["balance"])
    assert rows[1]["note"] == "First money: ü, 茶 & <tea>"


def test_a_note_that_a_spreadsheet_would_run_stays_a_text(db, clock):
    clock("2026-09-10T09:00")
    wallet = make_wallet()
    top_up(wallet, "5", memo='=HYPERLINK("http://evil")')
    clock("2026-10-02T09:00")
    service.close_months(wallet_id=wallet.id, actor=SYSTEM)

    rows = read_csv(paper(wallet, SEPTEMBER, Format.CSV).content)

    assert rows[1]["note"] == '\'=HYPERLINK("http://evil")'


@pytest.mark.parametrize("locale", ["en", "de", "ar", "zh-CN"])
def test_paper_is_tagged_real_text_in_the_language_of_its_reader(closed, locale):
    content = paper(closed, NOVEMBER, Format.PDF, locale).content

    pdf = PdfReader(io.BytesIO(content))
    root = pdf.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"].lower().startswith(locale.lower()[:2])
    seen = " ".join("".join(page.extract_text() for page in pdf.pages).split())
    for figure in ("879", "679", "200", "1"):
        assert figure in seen
    assert "X-ABCD2345" in seen


def test_paper_adds_up_for_who_reads_it(closed):
    pdf = PdfReader(io.BytesIO(paper(closed, NOVEMBER, Format.PDF).content))
    seen = "\u00a0".join("".join(page.extract_text() for page in pdf.pages).split())
    seen = seen.replace("\u00a0", " ")

    assert "Opening balance EUR 879.50" in seen
    assert "Exchange: sold \u2212EUR 200.00" in seen
    assert "Closing balance EUR 679.50" in seen
    assert says(seen, "Fees and margins included in these amounts: %(fees)s.", fees="EUR 1.00")


@pytest.mark.parametrize("minor", [10**15, 10**15 + 1, -(10**15)])
def test_a_very_great_amount_survives_every_file(db, clock, minor):
    clock("2026-09-10T09:00")
    wallet = make_wallet()
    money = Money(abs(minor), "EUR")
    top_up(wallet, money.amount)
    if minor < 0:
        pay(wallet, money.amount)
    clock("2026-10-02T09:00")
    service.close_months(wallet_id=wallet.id, actor=SYSTEM)

    _, _, entries = read_camt(paper(wallet, SEPTEMBER, Format.CAMT).content)
    rows = read_csv(paper(wallet, SEPTEMBER, Format.CSV).content)
    pdf = PdfReader(io.BytesIO(paper(wallet, SEPTEMBER, Format.PDF).content))
    seen = "".join(page.extract_text() for page in pdf.pages).replace("\u00a0", " ")

    wanted = Money(minor, "EUR")
    assert entries[-1][1] == wanted.amount
    assert Money.of(rows[-2]["amount"], "EUR") == wanted
    assert f"EUR {abs(wanted.amount):,}" in " ".join(seen.split())
