"""Reports about listings, what was decided on them, and objections to that."""

__all__ = ["errors", "events", "queries", "service"]
