"""From a file to its payments and the answer, with a thousand lines and with many hands."""

from __future__ import annotations

import csv
import io
import time
from xml.etree import ElementTree

import pytest
from bank_objects import available, eur, house, posted
from sqlalchemy import text

from banking.authorisation.approvals import service as approvals
from banking.core.rail.gateway import FaultKind, misbehave
from banking.transferring.bulk import queries as bulk
from banking.transferring.bulk.queries import GroupState, Outcome, State
from banking.transferring.payment_files import queries, service
from banking.transferring.payment_files.errors import FileTooLarge
from banking.transferring.payment_files.sample import sample
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from tests.banking.transferring.bulk.batch_objects import booked, lines_of, now
from tests.banking.transferring.payment_files.file_objects import pain, pmt, tx
from tests.banking.transferring.transfers.conftest import pass_time, wallet_of


@pytest.fixture(autouse=True)
def _morning(db, clock):
    clock("2026-11-25T09:00")
    approvals.load_reference_data(actor=SYSTEM)


def sent(owner, content, *, key=None, name="payments.xml"):
    return service.upload(
        key=key or new_id(),
        owner_id=owner.person_id,
        content=content,
        file_name=name,
        actor=owner,
    )


def answered(owner, batch):
    """Read a pain.002 with a parser that knows nothing of the message."""
    with reading():
        _, content = queries.answer_for(owner, batch.ref)
    root = ElementTree.fromstring(content)  # noqa: S314 - our own answer
    n = {"a": "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"}
    assert root.tag == f"{{{n['a']}}}Document"

    def codes(node):
        return [code.text for code in node.findall("a:StsRsnInf/a:Rsn/a:Cd", n)]

    head = root.find(".//a:OrgnlGrpInfAndSts", n)
    return {
        "of": (head.findtext("a:OrgnlMsgId", None, n), head.findtext("a:OrgnlMsgNmId", None, n)),
        "file": (head.findtext("a:GrpSts", None, n), codes(head)),
        "groups": [
            (g.findtext("a:OrgnlPmtInfId", None, n), g.findtext("a:PmtInfSts", None, n), codes(g))
            for g in root.findall(".//a:OrgnlPmtInfAndSts", n)
        ],
        "lines": [
            (t.findtext("a:OrgnlEndToEndId", None, n), t.findtext("a:TxSts", None, n), codes(t))
            for t in root.findall(".//a:TxInfAndSts", n)
        ],
    }


def rows(owner, batch):
    with reading():
        _, content = queries.results_for(owner, batch.ref)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_sound_file_waits_for_its_approval_and_is_answered_by_what_became_of_it(payer, sound):
    wallet = wallet_of(payer)
    content = pain(
        pmt(wallet.iban, tx(1, "12.50"), tx(2)),
        pmt(wallet.iban, tx(3, "7"), ref="P2", day="2026-11-27"),
        control="20.50",
    )

    batch = sent(payer, content)

    assert (batch.state, available(wallet)) == (State.CHECKED, eur("1000"))
    assert answered(payer, batch) == {
        "of": ("M1", "pain.001.001.09"),
        "file": ("ACTC", []),
        "groups": [("P1", "ACTC", []), ("P2", "ACTC", [])],
        "lines": [("E1", "ACTC", []), ("E2", "ACTC", []), ("E3", "ACTC", [])],
    }

    booked(payer, batch)
    assert available(wallet) == eur("986.50")
    assert answered(payer, batch)["groups"] == [("P1", "ACSP", []), ("P2", "ACCP", [])]
    assert answered(payer, batch)["file"] == ("ACCP", [])

    misbehave(kind=FaultKind.RETURN, reason="AC04", actor=SYSTEM)
    pass_time(minutes=6)
    for _ in range(3):
        pass_time(days=1)
    assert sorted(answered(payer, batch)["lines"][:2], key=str) in (
        [("E1", "ACSC", []), ("E2", "RJCT", ["AC04"])],
        [("E1", "RJCT", ["AC04"]), ("E2", "ACSC", [])],
    )
    assert [row["status"] for row in rows(payer, batch)].count("RJCT") == 1
    sound()


def test_nothing_of_a_rejected_group_is_booked_and_the_accepted_ones_go_on(payer, sound):
    wallet = wallet_of(payer)
    content = pain(
        pmt(
            wallet.iban,
            tx(1, "10"),
            tx(2, "10", iban="DE00370400440000000002"),
            tx(3, address="<PstlAdr><AdrLine>Hafen 1</AdrLine></PstlAdr>"),
        ),
        pmt(wallet.iban, tx(4, "5"), ref="P2"),
        pmt(wallet.iban, tx(5), ref="P3", control="9"),
    )

    batch = booked(payer, sent(payer, content))

    assert [g.state for g in batch.groups] == [
        GroupState.REFUSED,
        GroupState.BOOKED,
        GroupState.REFUSED,
    ]
    assert answered(payer, batch) == {
        "of": ("M1", "pain.001.001.09"),
        "file": ("PART", []),
        "groups": [("P1", "RJCT", []), ("P2", "ACSP", []), ("P3", "RJCT", ["AM17"])],
        "lines": [
            ("E1", "RJCT", []),
            ("E2", "RJCT", ["AC01"]),
            ("E3", "RJCT", ["CH17"]),
            ("E4", "ACSP", []),
            ("E5", "RJCT", []),
        ],
    }
    assert available(wallet) == eur("995")
    assert posted(house("rail_clearing")) == eur("5")
    sound()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"control": "99"}, "AM16"),
        ({"number": 7}, "AM19"),
    ],
)
def test_a_wrong_sum_or_number_of_the_file_rejects_all_of_it(payer, change, code):
    batch = sent(payer, pain(pmt(wallet_of(payer).iban, tx(1)), **change))

    found = answered(payer, batch)
    assert (batch.state, found["file"]) == (State.REFUSED, ("RJCT", [code]))
    assert found["groups"] == [("P1", "RJCT", [])]


def test_a_file_that_breaks_the_schema_is_answered_as_a_whole(payer):
    broken = (
        pain(pmt(wallet_of(payer).iban, tx(1)))
        .replace(b"<TwnNm>", b"<Town>")
        .replace(b"</TwnNm>", b"</Town>")
    )

    batch = sent(payer, broken)

    assert batch.state is State.REFUSED
    with reading():
        ((_, fault),) = bulk.faults_of(batch_id=batch.id)
    assert (fault.group, fault.line, fault.field, fault.code) == (1, 1, "Town", "FF01")
    assert answered(payer, batch)["file"] == ("RJCT", [])
    assert answered(payer, batch)["groups"] == []


def test_what_cannot_be_booked_on_its_day_is_answered_with_its_code(payer):
    wallet = wallet_of(payer)
    batch = booked(payer, sent(payer, pain(pmt(wallet.iban, tx(1, "900"), tx(2, "900")))))

    assert answered(payer, batch)["groups"] == [("P1", "RJCT", ["AM04"])]
    assert {row["reason"] for row in rows(payer, batch)} == {"AM04"}


def test_a_message_id_counts_once_and_an_end_to_end_id_too(payer):
    iban = wallet_of(payer).iban
    sent(payer, pain(pmt(iban, tx(1))))

    message = sent(payer, pain(pmt(iban, tx(2))))
    line = sent(payer, pain(pmt(iban, tx(1, "2"), tx(3)), message="M2"))

    assert answered(payer, message)["file"] == ("RJCT", ["DU01"])
    assert answered(payer, line)["lines"] == [("E1", "RJCT", ["DU04"]), ("E3", "RJCT", [])]


def test_names_are_compared_with_the_holders_before_anybody_approves(payer, payee):
    iban = wallet_of(payer).iban
    batch = sent(
        payer,
        pain(
            pmt(
                iban,
                tx(1, iban="FR1420041010050500013M02606", name="Amelie Dupont"),
                tx(2, iban="FR1420041010050500013M02606", name="Somebody Else"),
                tx(3),
                tx(4, iban=wallet_of(payee).iban, name="Camille Martin"),
                tx(5, iban=wallet_of(payee).iban, name="Zoe Quist"),
            )
        ),
    )

    assert [found.outcome for found in lines_of(batch)] == [
        Outcome.MATCH,
        Outcome.NO_MATCH,
        Outcome.CANNOT,
        Outcome.MATCH,
        Outcome.NO_MATCH,
    ]


def test_the_example_passes_as_it_is(payer):
    wallet = wallet_of(payer)
    content = sample(
        name="Camille Martin", iban=wallet.iban, currency="EUR", on=house_clock.today(), mark="X1"
    )

    batch = sent(payer, content)

    assert batch.state is State.CHECKED
    assert {found.outcome for found in lines_of(batch)} == {Outcome.MATCH}
    assert booked(payer, batch).state is State.FINISHED


def test_a_spreadsheet_takes_no_line_for_a_formula(payer):
    iban = wallet_of(payer).iban
    batch = sent(payer, pain(pmt(iban, tx(1, name="=1+1", words="@SUM(A1)", end_to_end="+1"))))

    (row,) = rows(payer, batch)
    assert (row["payee"], row["reference"], row["end_to_end_id"]) == ("'=1+1", "'@SUM(A1)", "'+1")


def test_the_name_of_a_group_is_no_formula_either(payer):
    batch = sent(payer, pain(pmt(wallet_of(payer).iban, tx(1), ref="=cmd|1!A1")))

    (row,) = rows(payer, batch)
    assert row["group"] == "'=cmd|1!A1"


def test_too_many_bytes_are_not_even_parsed(payer):
    with pytest.raises(FileTooLarge):
        sent(payer, b"<" * (bulk.terms().most_bytes + 1))


def test_a_thousand_payments_are_checked_and_shown_within_seconds(payer):
    wallet = wallet_of(payer)
    content = pain(pmt(wallet.iban, *[tx(n, "0.50") for n in range(1, 1001)]), control="500.00")

    start = time.process_time()
    batch = sent(payer, content)
    with reading():
        page = queries.file_page(payer, batch.ref, after=(0, 0), faults=0)
    spent = time.process_time() - start

    assert (batch.state, page.runs[0].remains) == (State.CHECKED, eur("500"))
    assert spent < 10, f"{spent:.1f} s of work for a thousand lines"
    assert len(answered(payer, batch)["lines"]) == 1000
    done = booked(payer, batch)
    assert (done.state, available(wallet)) == (State.FINISHED, eur("500"))


def test_the_file_is_kept_as_it_came_and_cannot_be_changed(payer, db):
    content = pain(pmt(wallet_of(payer).iban, tx(1)))
    batch = sent(payer, content)

    with reading():
        assert bulk.file_of(batch_id=batch.id) == content
    for table in ("batch_files", "batch_lines", "batch_faults"):
        with pytest.raises(Exception, match=r"evidence|denied"), db.begin_nested():
            db.execute(text(f"DELETE FROM banking.{table}"))
    assert now(batch).state is State.CHECKED
