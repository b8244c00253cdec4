"""What is wrong with a payment file, each with its place and the code of ISO 20022."""

from __future__ import annotations

from datetime import date

import pytest

from banking.accounts.wallets.rules import iban_for
from banking.transferring.payment_files import checking, words
from banking.transferring.payment_files.checking import Known, SaidLine
from banking.transferring.payment_files.reading import read
from kernel.ids import new_id
from kernel.money import Money
from tests.banking.transferring.bulk.batch_objects import iban_of
from tests.banking.transferring.payment_files.file_objects import ADDRESS, pain, pmt, tx

MINE, POUNDS, YENS, OURS, GONE, DOLLARS = (iban_for(serial) for serial in range(1, 7))
KNOWN = Known(
    wallets={MINE: (new_id(), "EUR"), POUNDS: (new_id(), "GBP"), YENS: (new_id(), "JPY")},
    takers={OURS: "EUR", DOLLARS: "USD"},
    ours={OURS, GONE, DOLLARS},
    reached={"EUR": {"DE", "FR", "LT"}, "GBP": {"GB"}},
    countries={"DE", "FR"},
    today=date(2026, 11, 25),
    last_day=date(2027, 11, 25),
    most_lines=5,
    most_groups=3,
)


def found(content):
    said, _, broken = read(content)
    assert said is not None, broken
    return [(f.group, f.line, f.field, f.code, f.kind) for f in checking.faults_of(said, KNOWN)]


def test_a_sound_file_has_no_fault():
    lines = [tx(1), tx(2, iban=OURS), tx(3, name="Łukasz Ström & Søn", words="Été: no. 7")]
    assert found(pain(pmt(MINE, *lines, control="3.00"), control="3")) == []


def _address(inner):
    return f"<PstlAdr>{inner}</PstlAdr>"


@pytest.mark.parametrize(
    ("line", "field", "code", "kind"),
    [
        (tx(1, iban="DE00370400440000000001"), "CdtrAcct", "AC01", "account_wrong"),
        (tx(1, account="<Othr><Id>12345</Id></Othr>"), "CdtrAcct", "AC01", "account_wrong"),
        (
            tx(1, account="<Othr><Id>US021000021123456789</Id></Othr>"),
            "CdtrAcct",
            "AG03",
            "not_reached",
        ),
        (tx(1, iban=MINE), "CdtrAcct", "AC03", "same_wallet"),
        (tx(1, iban=GONE), "CdtrAcct", "AC03", "account_not_here"),
        (tx(1, iban=DOLLARS), "CdtrAcct", "AC11", "taker_currency"),
        (tx(1, iban="CH9300762011623852957"), "CdtrAcct", "AG03", "not_reached"),
        (tx(1, "0.00"), "InstdAmt", "AM01", "nothing"),
        (tx(1, "1.005"), "InstdAmt", "CH20", "too_many_digits"),
        (tx(1, "1000000000.00"), "InstdAmt", "AM12", "too_much"),
        (tx(1, currency="USD", iban=OURS), "InstdAmt", "AM03", "currency_differs"),
        (
            tx(
                1,
                amt='<EqvtAmt><Amt Ccy="EUR">1</Amt><CcyOfTrf>USD</CcyOfTrf></EqvtAmt>',
                iban=OURS,
            ),
            "Amt",
            "AM12",
            "amount_elsewhere",
        ),
        (tx(1, name=""), "Nm", "BE22", "name_missing"),
        (tx(1, name="J" * 71), "Nm", "CH16", "name_long"),
        (tx(1, name="青岚"), "Nm", "RR10", "text_signs"),
        (tx(1, words="☃"), "Ustrd", "RR10", "text_signs"),
        (tx(1, end_to_end="/E1"), "EndToEndId", "RR10", "id_signs"),
        (tx(1, end_to_end="E//1"), "EndToEndId", "RR10", "id_signs"),
        (tx(1, end_to_end="É1"), "EndToEndId", "RR10", "id_signs"),
        (tx(1, instr="a_b"), "InstrId", "RR10", "id_signs"),
        (tx(1, charges="DEBT"), "ChrgBr", "BE19", "charges_not_shared"),
        (
            tx(1, remittance="<RmtInf><Ustrd>a</Ustrd><Ustrd>b</Ustrd></RmtInf>"),
            "RmtInf",
            "CH17",
            "words_twice",
        ),
        (
            tx(
                1,
                remittance="<RmtInf><Strd><CdtrRefInf><Ref>RF18539007547035</Ref></CdtrRefInf></Strd>"
                "</RmtInf>",
            ),
            "Ref",
            "RR09",
            "rf_wrong",
        ),
        (
            tx(1, address=_address("<AdrLine>Hafen 1</AdrLine><AdrLine>Hamburg</AdrLine>")),
            "AdrLine",
            "CH17",
            "address_lines_only",
        ),
        (tx(1, address=_address("<Ctry>DE</Ctry>")), "TwnNm", "CH21", "town_missing"),
        (tx(1, address=_address("<TwnNm>Hamburg</TwnNm>")), "Ctry", "CH21", "country_missing"),
        (tx(1, address=ADDRESS.replace("DE", "XX")), "Ctry", "BE11", "country_unknown"),
        (
            tx(1, address=ADDRESS.replace("</PstlAdr>", "<AdrLine>a</AdrLine>" * 3 + "</PstlAdr>")),
            "AdrLine",
            "CH17",
            "address_lines_many",
        ),
    ],
)
def test_a_wrong_line_is_named_by_its_place_field_and_code(line, field, code, kind):
    assert (1, 2, field, code, kind) in found(pain(pmt(MINE, tx(9), line)))


def test_a_hybrid_address_passes():
    hybrid = ADDRESS.replace("</PstlAdr>", "<AdrLine>Hafen 1</AdrLine></PstlAdr>")
    assert found(pain(pmt(MINE, tx(1, address=hybrid), tx(2, address="")))) == []


@pytest.mark.parametrize("written", ["1.5", "1.50", "1.50000", "+1.50", "001.5", " 1.50 "])
def test_an_amount_is_what_it_says_however_it_is_written(written):
    said, _, _ = read(pain(pmt(MINE, tx(1, written))))

    assert checking.faults_of(said, KNOWN) == []
    assert checking.money_of(said.groups[0].lines[0]) == Money(150, "EUR")


def test_an_amount_is_none_where_its_currency_has_no_such_digits():
    amounts = [
        ("1.005", "EUR"),
        ("1.5", "JPY"),
        ("1", "XXX"),
        ("0", "EUR"),
        ("", "EUR"),
        ("9" * 18, "KWD"),
    ]
    lines = [
        SaidLine(end_to_end="E", name="", account="", amount=a, currency=c) for a, c in amounts
    ]

    assert [checking.money_of(line) for line in lines[:-1]] == [None] * 5
    assert checking.money_of(lines[-1]) is None


@pytest.mark.parametrize(
    ("group", "field", "code", "kind"),
    [
        ({"number": 2}, "NbOfTxs", "AM20", "number_differs"),
        ({"control": "1.01"}, "CtrlSum", "AM17", "sum_differs"),
        ({"method": "CHK"}, "PmtMtd", "CH16", "method_not_offered"),
        ({"day": "2026-11-24"}, "ReqdExctnDt", "CH04", "day_over"),
        ({"day": "2027-11-26"}, "ReqdExctnDt", "CH03", "day_far"),
        ({"currency": "GBP"}, "DbtrAcct", "AC10", "debtor_currency"),
        ({"charges": "DEBT"}, "ChrgBr", "BE19", "charges_not_shared"),
        ({"ref": "P_1"}, "PmtInfId", "RR10", "id_signs"),
        (
            {"address": "<PstlAdr><AdrLine>Hafen 1</AdrLine></PstlAdr>"},
            "AdrLine",
            "CH17",
            "address_lines_only",
        ),
    ],
)
def test_a_wrong_group_is_named_by_its_field_and_code(group, field, code, kind):
    assert found(pain(pmt(MINE, tx(1), **group))) == [(1, 0, field, code, kind)]


def test_the_wallet_that_pays_must_be_the_senders():
    assert found(pain(pmt(OURS, tx(1)))) == [(1, 0, "DbtrAcct", "AC02", "debtor_not_yours")]


def test_a_file_pays_in_one_currency():
    pounds = tx(2, currency="GBP", iban="GB29NWBK60161331926819")
    assert found(pain(pmt(MINE, tx(1)), pmt(POUNDS, pounds, ref="P2"))) == [
        (2, 0, "DbtrAcct", "AM03", "second_currency")
    ]


def test_what_no_rail_carries_is_refused():
    assert (1, 1, "InstdAmt", "AM03", "not_carried") in found(
        pain(pmt(YENS, tx(1, "100", currency="JPY")))
    )


@pytest.mark.parametrize(
    ("head", "field", "code", "kind"),
    [
        ({"number": 3}, "NbOfTxs", "AM19", "number_differs"),
        ({"control": "1.99"}, "CtrlSum", "AM16", "sum_differs"),
        ({"message": "M_1"}, "MsgId", "RR10", "id_signs"),
    ],
)
def test_a_wrong_head_is_a_fault_of_the_whole_file(head, field, code, kind):
    assert found(pain(pmt(MINE, tx(1), tx(2)), **head)) == [(0, 0, field, code, kind)]


def test_too_many_payments_or_groups_are_a_fault_of_the_whole_file():
    lines = [tx(n) for n in range(6)]
    groups = [pmt(MINE, tx(n), ref=f"P{n}") for n in range(4)]

    assert found(pain(pmt(MINE, *lines))) == [(0, 0, "NbOfTxs", "AM18", "too_many_lines")]
    assert found(pain(*groups)) == [(0, 0, "PmtInf", "AM18", "too_many_groups")]


def test_ids_that_stand_twice_are_refused_where_they_stand_again():
    nameless = [tx(n, end_to_end="NOTPROVIDED") for n in (3, 4)]
    twice = pain(pmt(MINE, tx(1)), pmt(MINE, tx(1, iban=iban_of(2)), *nameless))

    assert found(twice) == [
        (2, 0, "PmtInfId", "DU02", "group_twice"),
        (2, 1, "EndToEndId", "DU04", "end_to_end_twice"),
    ]


def test_a_creditor_reference_with_sound_digits_passes():
    assert checking.is_sound_rf("RF18539007547034")
    assert not checking.is_sound_rf("RF18539007547035")
    assert not checking.is_sound_rf("RF1")


def test_every_fault_that_code_can_name_has_a_sentence():
    import inspect
    import re

    from banking.transferring.bulk import service as bulk_service
    from banking.transferring.payment_files import reading

    named = set(
        re.findall(r'"[A-Z]{2}\d\d"(?: if m else "BE10")?, "(\w+)"', inspect.getsource(checking))
    )
    named |= set(re.findall(r'kind="(\w+)"', inspect.getsource(bulk_service)))
    named |= set(reading._KINDS.values()) | {"schema_expected", "schema_other"}
    assert len(named) > 40
    assert named - words.kinds() == set()
    assert words.kinds() - named == set()
