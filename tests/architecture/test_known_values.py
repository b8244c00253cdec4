"""Columns that hold one value of an enumeration refuse every other."""

from __future__ import annotations

import re

from sqlalchemy import CheckConstraint, Text

from kernel.db import Base
from kernel.manifest import load_house

# What such columns are called here.
ENUMERATED = re.compile(
    r"(^|_)(state|status|kind|side|outcome|cause|cadence|purpose|act|method|step|verdict|decision"
    r"|whereabouts|result|period|format|basis|border|ground|back|why)$"
)
# What is named like one and is none, by what stands in it.
OPEN = {
    # named by whoever posts, and by the chart that every package adds to
    "banking.journals.kind",
    "banking.ledger_accounts.kind",
    "banking.safeguarding_scope.kind",
    "banking.safeguarding_parts.kind",
    # named by the packages that tell programs of it
    "kernel.endpoint_letter.kind",
    # named by the rooms that bring something to report, with its grounds; moderation asks them
    "marketplace.moderation_report.kind",
    "marketplace.moderation_decision.kind",
    "marketplace.moderation_decision.ground",
    # words of others: the card network's, and what somebody typed so far
    "banking.provider_events.kind",
    "insurance.notice_drafts.cause",
    # keys of dated data: faults of payment files, how long documents stay
    "banking.batch_faults.kind",
    "banking.document_deletions.outcome",
    # the week, month or quarter itself
    "banking.payouts.period",
    "banking.payout_turns.period",
    "banking.standing_runs.period",
    # sentences, a code of the network, a media type, what the stand-in is told to do wrong
    "marketplace.return_request.decision",
    "banking.card_refunds.why",
    "kernel.photo.kind",
    "banking.rail_faults.kind",
    # however it was proved: the room that asked names it
    "banking.approvals.method",
}


def test_states_and_kinds_refuse_what_no_enumeration_knows():
    load_house()
    unguarded = set()
    for table in Base.metadata.sorted_tables:
        if table.schema is None:
            continue
        checks = [*table.constraints, *(c for column in table.columns for c in column.constraints)]
        said = " ".join(str(c.sqltext) for c in checks if isinstance(c, CheckConstraint))
        unguarded |= {
            f"{table.fullname}.{column.name}"
            for column in table.columns
            if isinstance(column.type, Text)
            and ENUMERATED.search(column.name)
            and not re.search(rf"\b{column.name} (IN \(|= CASE )", said)
        }
    assert unguarded == OPEN
