"""Losses that were paid twice: by the cover, and later by seller, carrier or card once more."""

__all__ = ["errors", "events", "queries", "service"]
