"""Shipments that a customer of the bank wants insured: what they are, and whether they moved."""

__all__ = ["errors", "queries", "service", "words"]
