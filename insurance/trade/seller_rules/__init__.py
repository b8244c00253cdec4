"""Sellers' rules: which of a shop's parcels it insures at its own cost, by country and value."""

__all__ = ["errors", "queries", "service"]
