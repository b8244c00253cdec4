"""Money between a paid order and its end."""

__all__ = ["errors", "events", "queries", "service"]
