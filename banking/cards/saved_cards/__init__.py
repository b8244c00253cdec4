"""Cards that people let us charge again: kept by the network's token, never by number."""

__all__ = ["errors", "events", "queries", "service"]
