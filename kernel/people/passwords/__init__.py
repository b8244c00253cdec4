"""A forgotten password: a link by mail, a new password by it, and little to spend for a while."""

__all__ = ["errors", "events", "queries", "service"]
