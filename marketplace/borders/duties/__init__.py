"""Duties: what goods cost at a border and why, by the law of the day and its rows."""

__all__ = ["errors", "queries"]
