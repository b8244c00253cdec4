"""Policies: bound with the order's payment, attached at the first scan, ended on delivery."""

__all__ = ["errors", "events", "queries", "sellers", "service", "words"]
