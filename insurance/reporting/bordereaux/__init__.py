"""Premium, claims and tax of a month, line by line with their journals, closed once."""

__all__ = ["errors", "queries", "service"]
