"""How final a movement is, and whom it was with.

The columns are of a SELECT over `banking.entries e` and `banking.journals j`, written once: the
first page, the search and a single movement must never disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from banking.online.home.rules import MovementLine

# The booking is final in the ledger, but its money may still come back: it is kept for an order, or
# on its way to another bank.
_PENDING = """
    CASE
        WHEN j.kind = 'escrow_funded' AND EXISTS (
            SELECT FROM banking.escrows s
            WHERE s.subject = j.subject AND s.released + s.refunded < s.funded
        ) THEN 'held'
        WHEN j.kind = 'transfer' AND e.amount < 0 AND EXISTS (
            SELECT FROM banking.transfers t
            WHERE t.ref = j.subject AND t.state IN ('accepted', 'sent')
        ) THEN 'under_way'
    END AS pending
"""
# Who was paid by a transfer, or paid.
_NAME = """
    (
        SELECT CASE WHEN j.kind = 'transfer' AND e.amount > 0 THEN coalesce(p.name, o.name)
            ELSE t.payee_name END
        FROM banking.transfers t
        LEFT JOIN kernel.person p ON p.id = t.owner_id
        LEFT JOIN kernel.organisation o ON o.id = t.owner_id
        WHERE j.kind LIKE 'transfer%' AND t.ref = j.subject
    ) AS name
"""
# Who sold what was paid for, or given back; a vendor's own earnings are with nobody.
_SELLERS = """
    (
        SELECT jsonb_object_agg(o.id, o.name)
        FROM banking.escrows s JOIN kernel.organisation o ON o.id = s.beneficiary_id
        WHERE (j.kind = 'escrow_funded' AND e.amount < 0
            OR j.kind = 'escrow_refunded' AND e.amount > 0)
            AND (s.order_ref = j.subject OR s.subject = j.subject)
    ) AS sellers
"""
COLUMNS = f"{_PENDING}, {_NAME}, {_SELLERS}"

# Takes organisations, returns what a reader of the page calls those that are known.
Namer = Callable[[Collection[UUID]], Mapping[UUID, str]]
_namers: list[Namer] = []


def name_sellers(namer: Namer) -> None:
    """Let an upper floor say what customers call those who sell; a register's name is the rest."""
    if namer not in _namers:
        _namers.append(namer)


def named(lines: Sequence[MovementLine]) -> list[MovementLine]:
    """Return movements with the names that customers know, from one question for all of them."""
    sellers = {seller for line in lines for seller in line.sellers}
    known = {key: name for namer in _namers for key, name in namer(sellers).items()}
    return [
        replace(line, names=sorted(known.get(key, name) for key, name in line.sellers.items()))
        if line.sellers
        else line
        for line in lines
    ]
