"""Payouts: what vendors earned goes to their own bank, on their days, and comes back told."""

__all__ = ["errors", "events", "queries", "service"]
