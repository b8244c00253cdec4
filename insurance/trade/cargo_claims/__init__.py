"""Claims for cargo: notice, survey, particular and general average, two officers, one payment."""

__all__ = ["errors", "events", "queries", "service"]
