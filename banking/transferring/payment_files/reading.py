"""pain.001.001.09 as it comes from strangers: safe to read, held against the schema, said plainly.

Source: ISO 20022, CustomerCreditTransferInitiationV09. The schema is ISO's own file, carried by the
`sepaxml` package. Nothing outside of the file is ever fetched, entities are not allowed at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from banking.transferring.bulk.queries import Fault
from banking.transferring.payment_files.checking import Address, SaidFile, SaidGroup, SaidLine
from banking.transferring.payment_files.errors import (
    FileHasDocumentType,
    FileUnreadable,
    NotUtf8,
    OtherMessage,
)
from kernel.text import Message

SPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_SPACES = {"p": SPACE}
_DEEPEST = 30
_MOST_FAULTS = 50
# How many elements libxml2 names at most when it expected others.
_NAMED = 10
# A step of a path of libxml2 that names its element as the file does, with its prefix.
_PREFIXED = re.compile(r"(?<=/)[^/\[\]*@]+:[^/\[\]]+")
# What libxml2 calls a breach of the schema, and what we call it.
_KINDS = {
    "SCHEMAV_ELEMENT_CONTENT": "schema_order",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_4": "schema_order",
    "SCHEMAV_CVC_MAXLENGTH_VALID": "schema_long",
    "SCHEMAV_CVC_MINLENGTH_VALID": "schema_short",
    "SCHEMAV_CVC_PATTERN_VALID": "schema_pattern",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "schema_pattern",
    "SCHEMAV_CVC_ENUMERATION_VALID": "schema_choice",
    "SCHEMAV_CVC_FRACTIONDIGITS_VALID": "schema_digits",
    "SCHEMAV_CVC_TOTALDIGITS_VALID": "schema_digits",
    "SCHEMAV_CVC_MININCLUSIVE_VALID": "schema_small",
}


@cache
def _schema() -> etree.XMLSchema:
    spec = find_spec("sepaxml")
    assert spec is not None, "the schema comes with a package that is installed"
    assert spec.origin is not None, "a package on disk"
    path = Path(spec.origin).parent / "schemas" / "pain.001.001.09.xsd"
    return etree.XMLSchema(etree.parse(path))


def read(content: bytes) -> tuple[SaidFile | None, str, list[Fault]]:
    """Return what a file says, its message id, and every breach of the schema.

    Shape: where the schema is broken nothing is said, since no value can be trusted.
    Raises: FileHasDocumentType, FileUnreadable, NotUtf8, OtherMessage.
    """
    root = _parsed(content)
    if root.tag != f"{{{SPACE}}}Document":
        raise OtherMessage({"file": Message(OtherMessage.message)})
    message_id = _text(root, "p:CstmrCdtTrfInitn/p:GrpHdr/p:MsgId")[:35]
    schema = _schema()
    if not schema.validate(root):
        return None, message_id, _schema_faults(root, schema.error_log)
    try:
        return _said(root), message_id, []
    except (ValueError, ArithmeticError):  # a year of five digits is a date to the schema alone
        return None, message_id, [Fault(code="FF01", kind="schema_other", field="Document")]


def _parsed(content: bytes) -> etree._Element:
    unreadable = FileUnreadable({"file": Message(FileUnreadable.message)})
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise NotUtf8({"file": Message(NotUtf8.message)}) from wrong
    # Entities could swell a file of a kilobyte to gigabytes or read other files: none may stand.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise FileHasDocumentType({"file": Message(FileHasDocumentType.message)})
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise unreadable from wrong
    if root.xpath(f"boolean(//*[count(ancestor::*) > {_DEEPEST}])"):
        raise unreadable
    return root


def _schema_faults(root: etree._Element, log: etree._ListErrorLog) -> list[Fault]:
    """Return each breach once, with the payment it stands in and the row of the file."""
    faults: dict[tuple[int, int, str], Fault] = {}
    for entry in log:
        # Each place is looked for in the whole file: what is wrong everywhere need not be told so.
        if len(faults) == _MOST_FAULTS:
            break
        kind = _KINDS.get(entry.type_name, "schema_other")
        wanted = str(entry.line)
        expected = re.search(r"Expected is (?:one of )?\( (.+?) \)", entry.message)
        if expected is not None and kind == "schema_order":
            kind, wanted = "schema_expected", _names(expected[1])
        group, line, field = place = _place(root, entry.path)
        # What is wrong first with an element is told in the clearest words.
        faults.setdefault(
            place,
            Fault(
                group=group,
                line=line,
                field=field,
                code="FF01",
                kind=kind,
                value=wanted[:140],
            ),
        )
    return list(faults.values()) or [Fault(code="FF01", kind="schema_other", field="Document")]


def _names(told: str) -> str:
    """Return the elements that libxml2 expects; after ten it says no more, which is marked."""
    names = re.sub(r"\{.*?\}", "", told)
    return f"{names} …" if names.count(",") >= _NAMED - 1 else names


def _place(root: etree._Element, path: str | None) -> tuple[int, int, str]:
    """Return group, line and element that a path of libxml2 leads to."""
    # What a prefix stands for differs from file to file, and within one; its letters do not.
    by_letters = _PREFIXED.sub(lambda step: f"*[name()='{step[0]}']", path or "")
    hits = root.getroottree().xpath(by_letters) if path else []
    node = hits[0] if isinstance(hits, list) and hits else root
    group = line = 0
    at: etree._Element | None = node
    while at is not None:
        name = etree.QName(at).localname
        if name in {"CdtTrfTxInf", "PmtInf"}:
            count = 1 + sum(1 for _ in at.itersiblings(at.tag, preceding=True))
            line, group = (count, group) if name == "CdtTrfTxInf" else (line, count)
        at = at.getparent()
    return group, line, etree.QName(node).localname


def _said(root: etree._Element) -> SaidFile:
    header = root.find("p:CstmrCdtTrfInitn/p:GrpHdr", _SPACES)
    assert header is not None, "the schema asks for it"
    return SaidFile(
        message_id=_text(header, "p:MsgId"),
        number=int(_text(header, "p:NbOfTxs")),
        control=_decimal(_text(header, "p:CtrlSum")),
        groups=[_group(n) for n in root.findall("p:CstmrCdtTrfInitn/p:PmtInf", _SPACES)],
    )


def _group(node: etree._Element) -> SaidGroup:
    number, day = _text(node, "p:NbOfTxs"), _text(node, "p:ReqdExctnDt/*")
    return SaidGroup(
        group_ref=_text(node, "p:PmtInfId"),
        method=_text(node, "p:PmtMtd"),
        debtor=_text(node, "p:DbtrAcct/p:Id/p:IBAN"),
        day=date.fromisoformat(day[:10]),
        number=int(number) if number else None,
        control=_decimal(_text(node, "p:CtrlSum")),
        account_currency=_text(node, "p:DbtrAcct/p:Ccy"),
        charges=_text(node, "p:ChrgBr"),
        address=_address(node.find("p:Dbtr/p:PstlAdr", _SPACES)),
        lines=[_line(n) for n in node.findall("p:CdtTrfTxInf", _SPACES)],
    )


def _line(node: etree._Element) -> SaidLine:
    amount = node.find("p:Amt/p:InstdAmt", _SPACES)
    return SaidLine(
        end_to_end=_text(node, "p:PmtId/p:EndToEndId"),
        instruction_id=_text(node, "p:PmtId/p:InstrId"),
        amount=(amount.text or "").strip() if amount is not None else "",
        currency=amount.get("Ccy", "") if amount is not None else "",
        name=_text(node, "p:Cdtr/p:Nm"),
        account=_account(node),
        charges=_text(node, "p:ChrgBr"),
        words=_texts(node, "p:RmtInf/p:Ustrd"),
        creditor_reference=_text(node, "p:RmtInf/p:Strd/p:CdtrRefInf/p:Ref"),
        address=_address(node.find("p:Cdtr/p:PstlAdr", _SPACES)),
    )


def _account(node: etree._Element) -> str:
    """Return the payee's IBAN, else the bank's code and the account's number after the country.

    Source: ISO 20022, ExternalClearingSystemIdentification1Code begins with the country.
    """
    number, bank = _text(node, "p:CdtrAcct/p:Id/p:Othr/p:Id"), "p:CdtrAgt/p:FinInstnId"
    code = _text(node, f"{bank}/p:ClrSysMmbId/p:MmbId")
    system = _text(node, f"{bank}/p:ClrSysMmbId/p:ClrSysId/p:Cd")
    country = _text(node, f"{bank}/p:PstlAdr/p:Ctry") or system[:2]
    whole = f"{country} {code} {number}" if code else number
    return _text(node, "p:CdtrAcct/p:Id/p:IBAN") or whole


def _address(node: etree._Element | None) -> Address | None:
    if node is None:
        return None
    return Address(
        town=_text(node, "p:TwnNm"),
        country=_text(node, "p:Ctry"),
        lines=_texts(node, "p:AdrLine"),
    )


def _texts(node: etree._Element, path: str) -> Sequence[str]:
    return [(element.text or "").strip() for element in node.findall(path, _SPACES)]


def _text(node: etree._Element, path: str) -> str:
    return (node.findtext(path, "", _SPACES) or "").strip()


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
