"""Tells the bank's pages where an order's reference leads."""

from __future__ import annotations

from banking import api as bank

bank.name_subjects({"G-": bank.SubjectPage(endpoint="orders.detail", argument="ref")})
