"""What a batch, a group and a line are called in ISO 20022, and why.

Source: external code sets ExternalPaymentGroupStatus1Code, ExternalPaymentTransactionStatus1Code
and ExternalStatusReason1Code.
"""

from __future__ import annotations

from banking.transferring.bulk.queries import (
    BatchView,
    GroupState,
    GroupView,
    LineView,
    State,
    TransferState,
)

_GROUPS = {
    GroupState.READY: "ACTC",
    GroupState.REFUSED: "RJCT",
    GroupState.WAITING: "ACCP",
    GroupState.BOOKED: "ACSP",
    GroupState.DECLINED: "RJCT",
    GroupState.CANCELLED: "CANC",
}
# From the first step of what goes well to the last.
_ACCEPTED = ("ACTC", "ACCP", "ACSP")
_TRANSFERS = {
    TransferState.SCHEDULED: "ACCP",
    TransferState.ACCEPTED: "ACSP",
    TransferState.SENT: "ACSP",
    TransferState.SETTLED: "ACSC",
    TransferState.RETURNED: "RJCT",
    TransferState.CANCELLED: "CANC",
    TransferState.DECLINED: "RJCT",
}
# Why a group could not be booked, and what ISO calls it.
_REASONS = {
    "insufficient_funds": "AM04",
    "account_frozen": "AC06",
    "payee_cannot_receive": "MS03",
    "account_not_here": "AC03",
    "rail_not_offered": "AG03",
    "rail_does_not_reach": "AG03",
    "country_not_reached": "AG03",
    "daily_limit": "AM21",
    "monthly_limit": "AM21",
    "payee_limit": "AM21",
}
_CALLED_OFF, _UNSPECIFIED = "CN01", "MS03"


def whole(batch: BatchView) -> str:
    """Return the status of the file: in part when some groups are refused or called off."""
    if batch.state is State.REFUSED:
        return "RJCT"
    statuses = {group_status(group) for group in batch.groups}
    if len(statuses) == 1:
        return statuses.pop()
    return "PART" if statuses - set(_ACCEPTED) else min(statuses, key=_ACCEPTED.index)


def group_status(group: GroupView) -> str:
    """Return the status of a group."""
    return _GROUPS[group.state]


def group_reason(group: GroupView) -> str:
    """Return why a group was not booked after all, empty when it was, or may be."""
    if group.state is GroupState.CANCELLED:
        return _REASONS.get(group.reason, _CALLED_OFF)
    if group.state is not GroupState.DECLINED:
        return ""
    return _REASONS.get(group.reason, _UNSPECIFIED)


def line_status(group: GroupView, line: LineView) -> str:
    """Return the status of a payment: its transfer's, before there is one its group's."""
    return _GROUPS[group.state] if line.transfer_state is None else _TRANSFERS[line.transfer_state]


def line_reason(line: LineView) -> str:
    """Return the reason of a payment that came back; those of a group stand at the group."""
    if line.transfer_state is TransferState.CANCELLED:
        return _CALLED_OFF
    is_iso = line.reason.isalnum() and line.reason.isupper()
    if line.transfer_state is TransferState.RETURNED:
        return line.reason if is_iso else _UNSPECIFIED
    return ""
