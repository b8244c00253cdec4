"""Whom a wallet can pay: by handle or account, the name checked, and saved for the next time."""

__all__ = ["errors", "events", "queries", "service"]
