"""Pages of one's own safety: how one signs in, where, and what happened."""

__all__ = ["errors", "operators", "queries", "service"]
