"""Pure landed-cost rules: a consignment, its tariff and dated rows in, one explained figure out.

A destination's law is its relief, or a module in laws; what they share stands in facts,
arithmetic, tables, valuation, duty, tax and fees. Nothing here knows a database, a clock or a user.
"""

from __future__ import annotations

from marketplace.borders.duties.rules.facts import (
    Case,
    Channel,
    Consignment,
    Content,
    FeeChoice,
    Incoterm,
    Layer,
    LayerKind,
    Line,
    Malformed,
    Per,
)
from marketplace.borders.duties.rules.landed import landed_cost, landed_layout
from marketplace.borders.duties.rules.outcome import Charge, Layout, Quote, Reason, Refusal
from marketplace.borders.duties.rules.tables import NoRule, Tables, tables_from

__all__ = [
    "Case",
    "Channel",
    "Charge",
    "Consignment",
    "Content",
    "FeeChoice",
    "Incoterm",
    "Layer",
    "LayerKind",
    "Layout",
    "Line",
    "Malformed",
    "NoRule",
    "Per",
    "Quote",
    "Reason",
    "Refusal",
    "Tables",
    "landed_cost",
    "landed_layout",
    "tables_from",
]
