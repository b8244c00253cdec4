"""Withdrawals and returns: what goes back, who pays for it, and by when."""

__all__ = ["errors", "events", "queries", "service"]
