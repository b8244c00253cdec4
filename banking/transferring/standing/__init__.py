"""Standing orders: the same payment each week, month, quarter or year, once per period."""

__all__ = ["errors", "events", "queries", "service"]
