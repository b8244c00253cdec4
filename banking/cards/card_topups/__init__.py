"""Money in by card: top-ups through the card network, credited once whatever the network does."""

__all__ = ["charging", "errors", "events", "queries", "service"]
