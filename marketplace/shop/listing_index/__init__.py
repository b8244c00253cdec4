"""The read model that listings and search results are served from."""

__all__ = ["errors", "events", "front", "landed_costs", "queries", "reduced", "service"]
