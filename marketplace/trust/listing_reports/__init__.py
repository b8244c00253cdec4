"""Reports about listings: what may be wrong with one, whom it binds, and the pages of all that."""

__all__ = ["errors", "events", "queries"]
