"""Money in by card: top-ups through the card network, credited once whatever the network does."""

__all__ = ["errors", "events", "queries", "service"]
