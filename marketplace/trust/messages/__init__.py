"""Threads between a buyer and a shop, kept where both can be held to what they wrote."""

__all__ = ["errors", "events", "queries", "service"]
