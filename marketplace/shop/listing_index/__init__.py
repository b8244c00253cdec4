"""The read model that listings and search results are served from."""

__all__ = ["errors", "events", "landed_costs", "queries", "service"]
