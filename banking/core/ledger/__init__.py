"""Double entry: accounts, journals, holds."""

__all__ = ["errors", "events", "queries", "service"]
