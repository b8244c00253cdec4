"""Customs: what was promised at a border, its declaration, and what the authority says to it."""

__all__ = ["errors", "events", "queries", "service"]
