"""Payment files of strangers: hostile ones, broken ones, and what a good one says."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from banking.transferring.payment_files.checking import checked_account
from banking.transferring.payment_files.errors import (
    FileHasDocumentType,
    FileUnreadable,
    NotUtf8,
    OtherMessage,
)
from banking.transferring.payment_files.reading import read
from banking.transferring.payment_files.sample import sample
from kernel import clock
from tests.banking.transferring.payment_files.file_objects import SPACE, pain, pmt, prefixed, tx

DEBTOR = "LU049870000000000002"


def test_a_file_is_read_as_it_stands():
    said, message, faults = read(pain(pmt(DEBTOR, tx(1, "12.50"), tx(2)), control="13.50"))

    assert said is not None
    assert (message, faults, said.number, said.control) == ("M1", [], 2, Decimal("13.50"))
    line = said.groups[0].lines[0]
    assert (line.end_to_end, line.amount, line.currency) == ("E1", "12.50", "EUR")
    assert (line.reference, line.address.town, line.address.country) == ("Freight", "Hamburg", "DE")


def test_the_example_of_another_library_fits_the_schema():
    for currency in ("EUR", "GBP"):
        content = sample(
            name="Camille Martin", iban=DEBTOR, currency=currency, on=clock.today(), mark="X"
        )
        said, _, faults = read(content)
        assert faults == []
        assert said is not None


def agent(code: str, system: str = "", country: str = "") -> str:
    named = f"<ClrSysId><Cd>{system}</Cd></ClrSysId>" if system else ""
    place = f"<PstlAdr><Ctry>{country}</Ctry></PstlAdr>" if country else ""
    member = f"<ClrSysMmbId>{named}<MmbId>{code}</MmbId></ClrSysMmbId>"
    return f"<CdtrAgt><FinInstnId>{member}{place}</FinInstnId></CdtrAgt>"


@pytest.mark.parametrize(
    ("bank", "number", "account"),
    [
        ("", "US021000021123456789", "US 021000021 123456789"),
        (agent("021000021", "USABA"), "123456789", "US 021000021 123456789"),
        (agent("004", country="KR"), "12345678901234", "KR 004 12345678901234"),
        (agent("HDFC0000001", "INFSC"), "50100012345678", "IN HDFC0000001 50100012345678"),
    ],
)
def test_an_account_without_iban_is_read_whole_or_with_its_bank_apart(bank, number, account):
    line = tx(1, account=f"<Othr><Id>{number}</Id></Othr>", agent=bank)
    said, _, faults = read(pain(pmt(DEBTOR, line)))

    assert faults == []
    assert said is not None
    assert checked_account(said.groups[0].lines[0].account) == account


LAUGHS = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nothing",
        b"<a>",
        b"<a>\x00</a>",
        b"<x>" * 40 + b"</x>" * 40,
        b"<x>" * 100_000,
        pain(pmt(DEBTOR, tx(1, name="&xxe;"))).replace(b"&amp;xxe;", b"&xxe;"),
        pain(pmt(DEBTOR, tx(1)))[:-20],
    ],
)
def test_a_hostile_or_broken_file_is_refused_at_once(content):
    start = time.perf_counter()

    with pytest.raises(FileUnreadable):
        read(content)
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    "content",
    [
        f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]><x>&a9;</x>'.encode(),
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/evil.dtd"><x/>',
        pain(head=f'<!DOCTYPE Document [<!ENTITY a0 "ha">{LAUGHS}]>'),
    ],
)
def test_a_document_type_is_refused_before_anything_is_parsed(content):
    with pytest.raises(FileHasDocumentType):
        read(content)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252"])
def test_a_file_in_other_letters_is_told_which_ones_are_read(encoding):
    content = pain(pmt(DEBTOR, tx(1, name="Amélie"))).decode().encode(encoding)

    with pytest.raises(NotUtf8):
        read(content)


@pytest.mark.parametrize("prefix", ["p", "ns0", "ns-1.é"])
def test_a_file_whose_elements_carry_a_prefix_says_the_same(prefix):
    content = pain(pmt(DEBTOR, tx(1, "12.50"), tx(2)), control="13.50")

    assert read(prefixed(content, prefix)) == read(content)


FOREIGN = '<q:Evil xmlns:q="urn:q" xmlns:p="urn:other"><p:Town/></q:Evil>'


@pytest.mark.parametrize(
    ("change", "field", "place"),
    [
        ((b"<p:Ctry>DE</p:Ctry>", b"<p:Ctry>Germany</p:Ctry>"), "Ctry", (1, 1)),
        ((b"p:EndToEndId>E2</p:EndToEndId>", b"p:Other>E2</p:Other>"), "Other", (1, 2)),
        ((b"<p:PmtMtd>TRF<", b"<p:PmtMtd>CASH<"), "PmtMtd", (1, 0)),
        ((b"</p:CstmrCdtTrfInitn>", FOREIGN.encode() + b"</p:CstmrCdtTrfInitn>"), "Evil", (0, 0)),
        ((b"<p:Cdtr>", b'<p:Cdtr xmlns:p="urn:other">'), "Cdtr", (1, 1)),
        ((b"<p:InstdAmt Ccy", b"<p:InstdAmt p:Ccy"), "InstdAmt", (1, 1)),
    ],
)
def test_a_breach_is_found_by_its_place_whatever_the_prefixes(change, field, place):
    content = prefixed(pain(pmt(DEBTOR, tx(1), tx(2))))
    assert change[0] in content

    said, _, faults = read(content.replace(*change, 1))

    assert said is None
    assert (faults[0].field, (faults[0].group, faults[0].line)) == (field, place)


@pytest.mark.parametrize("space", ["", "urn:x", f"{SPACE}.1", SPACE.upper()])
def test_a_file_of_another_namespace_is_another_message(space):
    for content in (pain(pmt(DEBTOR, tx(1)), space=space), prefixed(pain(space=space or "urn:y"))):
        with pytest.raises(OtherMessage):
            read(content)


@pytest.mark.parametrize("version", ["03", "08", "10"])
def test_another_version_is_named_as_that(version):
    with pytest.raises(OtherMessage):
        read(
            pain(pmt(DEBTOR, tx(1)), space=f"urn:iso:std:iso:20022:tech:xsd:pain.001.001.{version}")
        )


@pytest.mark.parametrize(
    ("change", "kind", "field", "place"),
    [
        ((b"<TwnNm>Hamburg</TwnNm>", b"<Town>Hamburg</Town>"), "schema_expected", "Town", (1, 1)),
        ((b"<Ctry>DE</Ctry>", b"<Ctry>Germany</Ctry>"), "schema_pattern", "Ctry", (1, 1)),
        (
            (b"<EndToEndId>E2<", b"<EndToEndId>" + b"E" * 36 + b"<"),
            "schema_long",
            "EndToEndId",
            (1, 2),
        ),
        ((b"<PmtMtd>TRF<", b"<PmtMtd>CASH<"), "schema_choice", "PmtMtd", (1, 0)),
        ((b">1.00<", b">1.000001<"), "schema_digits", "InstdAmt", (1, 1)),
        ((b">1.00<", b">-1.00<"), "schema_small", "InstdAmt", (1, 1)),
        ((b">1.00<", b">one<"), "schema_pattern", "InstdAmt", (1, 1)),
        ((b"<MsgId>M1<", b"<MsgId><"), "schema_short", "MsgId", (0, 0)),
        ((b"<Dt>2026-11-25<", b"<Dt>25.11.2026<"), "schema_pattern", "Dt", (1, 0)),
        ((b"<Dt>2026-11-25<", b"<Dt>12026-11-25<"), "schema_other", "Document", (0, 0)),
        (
            (b"</CstmrCdtTrfInitn>", b"<Evil/></CstmrCdtTrfInitn>"),
            "schema_expected",
            "Evil",
            (0, 0),
        ),
    ],
)
def test_a_breach_of_the_schema_is_named_with_its_place(change, kind, field, place):
    said, _, faults = read(pain(pmt(DEBTOR, tx(1), tx(2))).replace(*change, 1))

    assert said is None
    first = faults[0]
    assert (first.kind, first.field, (first.group, first.line)) == (kind, field, place)
    assert {fault.code for fault in faults} == {"FF01"}


def test_a_file_that_is_wrong_in_thousands_of_places_is_read_in_no_time():
    lines = [tx(n).replace("Hamburg", "H" * 36) for n in range(9000)]
    content = pain(pmt(DEBTOR, *lines))

    start = time.process_time()
    said, _, faults = read(content)

    assert said is None
    assert len(faults) == 50
    assert time.process_time() - start < 10
