"""Whom the bank knows: one customer record per person or organisation."""

__all__ = ["errors", "queries", "service"]
