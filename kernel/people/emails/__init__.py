"""A new e-mail address: asked, confirmed by a link sent to it, and taken back from the old one."""

__all__ = ["errors", "events", "queries", "service"]
