"""Currencies against each other: reference rates, quotes, exchanges."""

__all__ = ["errors", "queries", "service"]
