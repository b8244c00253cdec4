"""Payment files, written by hand so that every part of them can be wrong."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from tests.banking.transferring.bulk.batch_objects import iban_of

SPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
ADDRESS = "<PstlAdr><TwnNm>Hamburg</TwnNm><Ctry>DE</Ctry></PstlAdr>"


def tx(number: int, amount: str = "1.00", **other: Any) -> str:
    """One payment. Shape: iban, name, end_to_end, currency, words, address, amt as they stand."""
    about = {
        "iban": iban_of(number),
        "name": "Jo",
        "end_to_end": f"E{number}",
        "currency": "EUR",
        "words": "Freight",
        "address": ADDRESS,
        "instr": "",
        "remittance": None,
        "charges": "",
    } | other
    amt = f'<InstdAmt Ccy="{about["currency"]}">{amount}</InstdAmt>'
    remittance = about["remittance"]
    if remittance is None:
        remittance = f"<RmtInf><Ustrd>{escape(about['words'])}</Ustrd></RmtInf>"
    instr = f"<InstrId>{about['instr']}</InstrId>" if about["instr"] else ""
    charges = f"<ChrgBr>{about['charges']}</ChrgBr>" if about["charges"] else ""
    name = f"<Nm>{escape(about['name'])}</Nm>" if about["name"] else ""
    account = about.get("account", f"<IBAN>{about['iban']}</IBAN>")
    return (
        f"<CdtTrfTxInf><PmtId>{instr}<EndToEndId>{about['end_to_end']}</EndToEndId></PmtId>"
        f"<Amt>{about.get('amt', amt)}</Amt>{charges}{about.get('agent', '')}"
        f"<Cdtr>{name}{about['address']}</Cdtr>"
        f"<CdtrAcct><Id>{account}</Id></CdtrAcct>{remittance}</CdtTrfTxInf>"
    )


def pmt(debtor: str, *lines: str, **other: Any) -> str:
    """One group. Shape: ref, method, number, control, day, account_currency as they stand."""
    about = {
        "ref": "P1",
        "method": "TRF",
        "number": len(lines),
        "control": None,
        "day": "2026-11-25",
        "currency": "",
        "charges": "SLEV",
        "address": "",
    } | other
    control = f"<CtrlSum>{about['control']}</CtrlSum>" if about["control"] else ""
    currency = f"<Ccy>{about['currency']}</Ccy>" if about["currency"] else ""
    number = f"<NbOfTxs>{about['number']}</NbOfTxs>" if about["number"] is not None else ""
    return (
        f"<PmtInf><PmtInfId>{about['ref']}</PmtInfId><PmtMtd>{about['method']}</PmtMtd>"
        f"{number}{control}<ReqdExctnDt><Dt>{about['day']}</Dt></ReqdExctnDt>"
        f"<Dbtr><Nm>Camille Martin</Nm>{about['address']}</Dbtr>"
        f"<DbtrAcct><Id><IBAN>{debtor}</IBAN></Id>{currency}</DbtrAcct>"
        f"<DbtrAgt><FinInstnId><Nm>Bank</Nm></FinInstnId></DbtrAgt>"
        f"<ChrgBr>{about['charges']}</ChrgBr>{''.join(lines)}</PmtInf>"
    )


def pain(*groups: str, **other: Any) -> bytes:
    """A whole file. Shape: message, number, control as they stand, head before the document."""
    number = "".join(groups).count("<CdtTrfTxInf>")
    about = {
        "message": "M1",
        "number": number,
        "control": None,
        "space": SPACE,
        "head": '<?xml version="1.0" encoding="UTF-8"?>',
    } | other
    control = f"<CtrlSum>{about['control']}</CtrlSum>" if about["control"] else ""
    return (
        f'{about["head"]}<Document xmlns="{about["space"]}"><CstmrCdtTrfInitn><GrpHdr>'
        f"<MsgId>{about['message']}</MsgId><CreDtTm>2026-11-25T09:00:00</CreDtTm>"
        f"<NbOfTxs>{about['number']}</NbOfTxs>{control}<InitgPty><Nm>Camille</Nm></InitgPty>"
        f"</GrpHdr>{''.join(groups)}</CstmrCdtTrfInitn></Document>"
    ).encode()


def prefixed(content: bytes, prefix: str = "p") -> bytes:
    """The same file as programs write it whose elements carry a prefix."""
    text = re.sub(r"<(/?)(?=[A-Z])", rf"<\1{prefix}:", content.decode())
    return text.replace("xmlns=", f"xmlns:{prefix}=").encode()
