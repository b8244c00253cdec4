"""Money back to the card it came from: refunds of top-ups through the card network."""

__all__ = ["errors", "events", "queries", "service"]
