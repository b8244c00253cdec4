"""Certificates that anybody can check: a seal over what they state, and a page that is live."""

__all__ = ["errors", "events", "queries", "service"]
