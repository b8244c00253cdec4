"""Reads of months."""

from __future__ import annotations

from insurance.money.reserves.rules import month_after, month_before

__all__ = ["month_after", "month_before"]
