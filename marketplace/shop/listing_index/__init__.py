"""The read model that listings and search results are served from."""

__all__ = ["errors", "events", "queries", "service"]
