"""Statements: what moved in a month or between two days, as paper and as files that banks read."""

__all__ = ["errors", "events", "queries", "service"]
