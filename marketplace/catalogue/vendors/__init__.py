"""Who sells: the shop a company keeps here, its legal face and its whereabouts."""

__all__ = ["errors", "events", "queries", "service"]
