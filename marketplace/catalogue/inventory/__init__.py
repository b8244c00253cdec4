"""How many pieces there are, and who has a claim on them."""

__all__ = ["errors", "events", "queries", "service"]
