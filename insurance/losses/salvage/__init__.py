"""Parcels that were paid for as lost and came to light: whose are they now, and who pays whom."""

__all__ = ["errors", "events", "queries", "service"]
