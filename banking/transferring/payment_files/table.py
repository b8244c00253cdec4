"""What became of each line of a payment file, as CSV."""

from __future__ import annotations

from collections.abc import Sequence

from banking.transferring.bulk.queries import BatchView, Fault, LineView
from banking.transferring.payment_files.statuses import group_reason, line_reason, line_status
from kernel.csv_files import csv_file

_HEADS = (
    "group",
    "line",
    "end_to_end_id",
    "payee",
    "account",
    "currency",
    "amount",
    "reference",
    "status",
    "reason",
    "transfer",
)


def results(batch: BatchView, lines: Sequence[LineView], faults: Sequence[Fault]) -> bytes:
    """Return one row for each payment. Shape: status and reason as ISO 20022 calls them."""
    codes: dict[tuple[int, int], list[str]] = {}
    for fault in faults:
        codes.setdefault((fault.group, fault.line), []).append(fault.code)
    groups = {group.number: group for group in batch.groups}
    rows: list[list[object]] = []
    for line in lines:
        group = groups[line.group]
        why = codes.get(line.place) or [line_reason(line) or group_reason(group)]
        rows.append(
            [
                group.group_ref,
                line.number,
                line.end_to_end,
                line.name,
                line.account,
                group.total.currency,
                line.amount.amount if line.amount else line.written,
                line.reference,
                line_status(group, line),
                " ".join(why),
                line.transfer_ref,
            ]
        )
    return csv_file(_HEADS, rows)
