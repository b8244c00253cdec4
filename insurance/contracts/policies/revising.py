"""How a policy changes while it stands: other terms or another holder, one revision after another.

Commands of the room call these inside their own transaction, with the policy's row locked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from insurance.contracts.policies import queries
from insurance.contracts.policies.models import Policy
from insurance.contracts.policies.moving import note
from insurance.contracts.policies.queries import PolicyView
from insurance.money.books.service import Split
from insurance.offers.quotes import queries as quotes
from insurance.offers.quotes.queries import ParcelRisk
from insurance.rating.tariff.queries import Section
from kernel import clock
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """What a policy states from a revision on.

    Units: tax_pcts in per cent as decimal strings. Shape: splits and tax_pcts are by section, of
    the whole policy; delay is trigger days and benefit, None without one.
    """

    parcel: ParcelRisk
    sum_insured: Money
    splits: Mapping[Section, Split]
    tax_pcts: Mapping[Section, str]
    delay: tuple[int, Money] | None
    insured_name: str


def state_anew(row: Policy, terms: Revised) -> PolicyView:
    """Write other terms into a policy and its history."""
    before = row.sum_insured
    row.risk = quotes.stored_parcel(terms.parcel)
    row.sum_insured = terms.sum_insured.minor
    row.sections = {
        section.value: {
            "net": split.net.minor,
            "tax": split.tax.minor,
            "tax_pct": terms.tax_pcts[section],
            "commission": split.commission.minor,
        }
        for section, split in terms.splits.items()
    }
    late = terms.delay
    row.delay = late and {"trigger_days": late[0], "benefit": late[1].minor}
    row.insured_name = terms.insured_name or None
    return _revised(row, "endorsed", {"before": before, "after": row.sum_insured})


def hand_over(row: Policy, to: UUID, wallet_id: UUID) -> PolicyView:
    """Let another person hold a policy."""
    row.assignor_id = row.policyholder_id
    row.policyholder_id = to
    row.refund_wallet_id = wallet_id
    return _revised(row, "assigned", {})


def _revised(row: Policy, what: str, facts: dict[str, Any]) -> PolicyView:
    row.revision += 1
    row.revised_at = clock.now()
    note(row, what, facts | {"revision": row.revision}, at=row.revised_at)
    return queries.view(row)
