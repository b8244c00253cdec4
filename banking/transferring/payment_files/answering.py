"""pain.002.001.10: what became of a payment file, for the program that wrote it.

Source: ISO 20022, CustomerPaymentStatusReportV10; statuses of its external code sets. The classes
are those of `pyiso20022`, which takes a while to load: only who writes an answer loads this file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import pyiso20022.pain.pain_002_001_10 as iso
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig
from xsdata.models.datatype import XmlDateTime

from banking.transferring.bulk.queries import BatchView, Fault, GroupView, LineView
from banking.transferring.payment_files.statuses import (
    group_reason,
    group_status,
    line_reason,
    line_status,
    whole,
)
from kernel.money import total

_SPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
_MESSAGE = "pain.001.001.09"
_NOT_PROVIDED = "NOTPROVIDED"
_LONGEST = 105


def answer(
    batch: BatchView,
    lines: Sequence[LineView],
    faults: Sequence[Fault],
    *,
    at: datetime,
    words: Mapping[Fault, str],
) -> bytes:
    """Return the report as an XML document. Shape: words say each fault for its reader."""
    of_place: dict[tuple[int, int], list[Fault]] = {}
    for fault in faults:
        of_place.setdefault((fault.group, fault.line), []).append(fault)
    report = iso.CustomerPaymentStatusReportV10(
        grp_hdr=iso.GroupHeader86(
            msg_id=f"{batch.ref}-{at:%Y%m%d%H%M%S}", cre_dt_tm=XmlDateTime.from_datetime(at)
        ),
        orgnl_grp_inf_and_sts=_file(batch, of_place.get((0, 0), []), words),
        orgnl_pmt_inf_and_sts=[
            _group(g, [ln for ln in lines if ln.group == g.number], of_place, words)
            for g in batch.groups
        ],
    )
    config = SerializerConfig(indent=" ", xml_declaration=True)
    written: str = XmlSerializer(config=config).render(
        iso.Document(cstmr_pmt_sts_rpt=report), ns_map={None: _SPACE}
    )
    return written.encode()


def _file(
    batch: BatchView, faults: Sequence[Fault], words: Mapping[Fault, str]
) -> iso.OriginalGroupHeader17:
    amounts = [group.total for group in batch.groups]
    return iso.OriginalGroupHeader17(
        orgnl_msg_id=batch.message_id or _NOT_PROVIDED,
        orgnl_msg_nm_id=_MESSAGE,
        orgnl_nb_of_txs=str(batch.payments) if batch.groups else None,
        orgnl_ctrl_sum=total(amounts, amounts[0].currency).amount
        if len({amount.currency for amount in amounts}) == 1
        else None,
        grp_sts=whole(batch),
        sts_rsn_inf=[_reason(fault.code, words[fault]) for fault in faults],
    )


def _group(
    group: GroupView,
    lines: Sequence[LineView],
    faults: Mapping[tuple[int, int], Sequence[Fault]],
    words: Mapping[Fault, str],
) -> iso.OriginalPaymentInstruction32:
    own = [_reason(f.code, words[f]) for f in faults.get((group.number, 0), [])]
    code = group_reason(group)
    statuses = Counter(line_status(group, line) for line in lines)
    return iso.OriginalPaymentInstruction32(
        orgnl_pmt_inf_id=group.group_ref or _NOT_PROVIDED,
        orgnl_nb_of_txs=str(group.lines),
        orgnl_ctrl_sum=group.total.amount,
        pmt_inf_sts=group_status(group),
        sts_rsn_inf=own or ([_reason(code)] if code else []),
        nb_of_txs_per_sts=[
            iso.NumberOfTransactionsPerStatus5(dtld_nb_of_txs=str(number), dtld_sts=status)
            for status, number in sorted(statuses.items())
        ],
        tx_inf_and_sts=[
            _line(group, line, faults.get((group.number, line.number), []), words) for line in lines
        ],
    )


def _line(
    group: GroupView, line: LineView, faults: Sequence[Fault], words: Mapping[Fault, str]
) -> iso.PaymentTransaction105:
    code = line_reason(line)
    return iso.PaymentTransaction105(
        sts_id=line.transfer_ref or None,
        orgnl_instr_id=line.instruction_id or None,
        orgnl_end_to_end_id=line.end_to_end,
        tx_sts=line_status(group, line),
        sts_rsn_inf=[_reason(f.code, words[f]) for f in faults]
        or ([_reason(code)] if code else []),
    )


def _reason(code: str, words: str = "") -> iso.StatusReasonInformation12:
    return iso.StatusReasonInformation12(
        rsn=iso.StatusReason6Choice(cd=code), addtl_inf=[words[:_LONGEST]] if words else []
    )
