"""Questions about goods, which whoever sells them answers in public, once."""

__all__ = ["errors", "events", "queries", "service"]
