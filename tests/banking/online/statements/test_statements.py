"""Closed months, any days, and files that other programs read."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import mt940
import pyiso20022
import pytest
from bank_objects import CARD, book, eur, house, make_wallet
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from banking import api as bank
from banking.core.ledger import service as ledger
from banking.core.ledger.queries import movements
from banking.online.statements import camt, jobs, queries, rules, service
from banking.online.statements import mt940 as swift
from banking.online.statements.errors import (
    AmountTooLong,
    StatementInTheMaking,
    StatementTooLong,
    StatementUnknown,
)
from banking.online.statements.events import MonthClosed
from banking.online.statements.rules import Format
from kernel import documents
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.ids import new_id
from kernel.jobs import drain
from kernel.money import Money
from kernel.web.letters import render_letter
from tests.asking import english, says

NS = {"c": "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"}


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


@pytest.fixture
def lived(db, clock):
    """A wallet opened in September, used in September and November, never in October."""
    clock("2026-09-10T09:00")
    wallet = make_wallet()
    top_up(wallet, "1000", memo="First money: ü, 茶 & <tea>")
    clock("2026-09-30T23:59:59")
    pay(wallet, "120.50")
    clock("2026-11-01T00:00")
    exchange(wallet, "200", "1.00")
    clock("2026-11-20T12:00")
    return wallet


@pytest.fixture
def closed(lived, clock):
    """The same in December, every month closed."""
    clock("2026-12-01T01:00")
    service.close_months(wallet_id=lived.id, actor=SYSTEM)
    return lived


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


SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


def test_months_follow_each_other_without_a_gap_even_where_nothing_moved(closed):
    assert months_of(closed) == [
        (1, SEPTEMBER, 0, 87950, 2),
        (2, OCTOBER, 87950, 87950, 0),
        (3, NOVEMBER, 87950, 67950, 1),
    ]


def test_a_month_is_closed_an_hour_after_it_ends_and_only_once(lived, clock):
    clock("2026-12-01T00:59:59")
    assert service.close_months(wallet_id=lived.id, actor=SYSTEM) == 2
    clock("2026-12-01T01:00")
    assert service.close_months(wallet_id=lived.id, actor=SYSTEM) == 1
    assert service.close_months(wallet_id=lived.id, actor=SYSTEM) == 0


def test_a_person_hears_of_a_month_in_which_something_moved_and_of_no_other(
    make_person, clock, outbox, db
):
    clock("2026-09-10T12:00")
    person = make_person()
    wallet = make_wallet(owner_id=person.person_id)
    top_up(wallet, "10")

    for now in ("2026-10-01T02:00", "2026-11-01T02:00"):
        clock(now)
        service.close_months(wallet_id=wallet.id, actor=SYSTEM)
    told = [event for event in outbox() if isinstance(event, MonthClosed)]
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_of_statement(told[0])

    assert [event.month for event in told] == [date(2026, 9, 1)]
    data = db.execute(
        text("SELECT data FROM kernel.mail WHERE template = 'banking/mail/statement.txt'")
    ).scalar_one()
    letter = render_letter("banking/mail/statement.txt", "en", data)
    assert letter.subject == english(
        "Your statement for %(month)s: %(currency)s", month="September 2026", currency="Euro"
    )


def test_the_schedule_closes_what_is_due_and_finds_nothing_afterwards(lived, clock):
    clock("2026-12-24T09:00")

    jobs.close_months()

    assert len(months_of(lived)) == 3
    with reading():
        assert lived.id not in queries.wallets_due(count=500)


def test_an_entry_of_midnight_that_comes_late_stands_in_the_next_month(lived, clock):
    clock("2026-10-05T09:00")
    service.close_months(wallet_id=lived.id, actor=SYSTEM)
    later = make_wallet()
    assert months_of(lived)[0].entries == 2
    clock("2026-12-01T02:00")
    service.close_months(wallet_id=lived.id, actor=SYSTEM)

    periods = [period_of(lived, month) for month in (SEPTEMBER, OCTOBER, NOVEMBER)]
    with reading():
        everything = movements(account_id=lived.account_id)
    told = [line.entry_id for period in periods for line in period.lines]
    assert told == [move.entry_id for move in reversed(everything)]
    assert months_of(later) == []


def test_a_closed_month_cannot_be_changed(closed, db):
    for change in (
        "DELETE FROM banking.statements",
        "UPDATE banking.statements SET closing_minor = 0",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), db.begin_nested():
            db.execute(text(change))


def test_every_month_is_chained_to_the_one_before(closed):
    with reading() as current:
        prints = current.execute(
            text("SELECT fingerprint FROM banking.statements WHERE wallet_id = :w"),
            {"w": closed.id},
        ).scalars()
    assert len(set(prints)) == 3


@pytest.mark.parametrize("kind", Format)
def test_every_download_is_the_same_file(closed, clock, kind):
    first = paper(closed, SEPTEMBER, kind)
    clock("2027-03-01T09:00")

    again = paper(closed, SEPTEMBER, kind)

    assert again == first
    with reading():
        kept = documents.kept(subject=f"banking.statement/{closed.id}/2026-09", edition=kind.value)
    assert [one.locale for one in kept] == ["en"]


def test_opening_and_entries_lead_to_closing_with_exchange_and_fees_apart(closed):
    september, november = period_of(closed, SEPTEMBER), period_of(closed, NOVEMBER)

    assert september.sums == rules.Sums(
        received=eur("1000"),
        paid=eur("-120.50"),
        exchanged_in=eur(0),
        exchanged_out=eur(0),
        fees=eur(0),
    )
    assert november.sums == rules.Sums(
        received=eur(0),
        paid=eur(0),
        exchanged_in=eur(0),
        exchanged_out=eur("-200"),
        fees=eur("1.00"),
    )
    assert september.opening + eur("1000") - eur("120.50") == september.closing


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


def read_csv(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


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
    assert "Given in exchange \u2212EUR 200.00" in seen
    assert "Closing balance EUR 679.50" in seen
    assert says(seen, "Fees and margins inside these amounts: %(fees)s.", fees="EUR 1.00")


def order(wallet, since, until, kind=Format.CAMT, key=None):
    return service.order_file(
        key=key or new_id(),
        wallet_id=wallet.id,
        since=since,
        until=until,
        kind=kind,
        locale="en",
        actor=SYSTEM,
    )


def file_of(made):
    with reading():
        return queries.order_paper(made)


def test_any_days_are_written_at_once_and_what_comes_later_is_not_in_them(lived):
    made = order(lived, date(2026, 9, 30), date(2026, 11, 20))
    before = file_of(made)
    pay(lived, "1")

    assert made.ready_at is not None
    assert (made.entries, made.sequence) == (2, None)
    assert file_of(made) == before
    statement, balances, entries = read_camt(before.content)
    assert balances == {"OPBD": Decimal("1000.00"), "CLBD": Decimal("679.50")}
    assert [amount for _, amount in entries] == [Decimal("-120.50"), Decimal("-200.00")]
    assert statement.find("c:ElctrncSeqNb", NS) is None


def test_the_same_press_orders_once(lived):
    key = new_id()
    days = (date(2026, 9, 1), date(2026, 9, 30))

    assert order(lived, *days, key=key) == order(lived, *days, key=key)


def test_days_that_are_a_closed_month_bear_its_number(closed):
    made = order(closed, date(2026, 10, 1), date(2026, 10, 31))

    assert made.sequence == 2
    _, balances, entries = read_camt(file_of(made).content)
    assert balances == {"OPBD": Decimal("879.50"), "CLBD": Decimal("879.50")}
    assert entries == []


def test_a_long_file_is_written_by_a_job(lived, monkeypatch):
    monkeypatch.setattr(rules, "AT_ONCE", 1)

    made = order(lived, date(2026, 9, 1), date(2026, 11, 20))
    assert made.ready_at is None
    with pytest.raises(StatementInTheMaking):
        file_of(made)
    drain()

    with reading():
        assert queries.order(order_id=made.id).ready_at is not None
    _, balances, _ = read_camt(file_of(made).content)
    assert balances["CLBD"] == Decimal("679.50")


def test_more_than_a_kind_of_file_carries_is_refused(lived, monkeypatch):
    monkeypatch.setattr(rules, "MOST", {**rules.MOST, Format.PDF: 2})

    with pytest.raises(StatementTooLong) as refused:
        order(lived, date(2026, 9, 1), date(2026, 11, 20), Format.PDF)
    assert refused.value.data == {"most": 2}


def test_a_month_that_is_not_closed_has_no_file(lived):
    with pytest.raises(StatementUnknown):
        paper(lived, NOVEMBER, Format.PDF)


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


def test_where_an_account_stood_is_found_in_the_middle_of_its_past(db, clock):
    days = [f"2026-{month:02d}-{day:02d}T12:00" for month in (1, 2, 3) for day in range(1, 28)]
    clock(days[0])
    wallet, other = make_wallet(), make_wallet()
    booked = {}
    for day in days:
        at = clock(day)
        book(ledger.Leg(wallet.account, eur(1)), ledger.Leg(house(CARD), eur(-1)))
        book(ledger.Leg(other.account, eur(2)), ledger.Leg(house(CARD), eur(-2)))
        booked[at] = db.execute(
            text("SELECT max(id) FROM banking.entries WHERE account_id = :a"),
            {"a": wallet.account_id},
        ).scalar_one()

    def before(at):
        return db.execute(
            text("SELECT banking.entry_before(:a, :at)"), {"a": wallet.account_id, "at": at}
        ).scalar_one()

    last = 0
    for at, entry in booked.items():
        assert before(at) == last
        last = entry
    assert before(clock("2027-01-01T00:00")) == last
