"""Getting known: what a customer says and shows, who checked it, and the tier it led to."""

__all__ = ["errors", "events", "queries", "service"]
