"""How many pieces there are, and who has a claim on them."""

__all__ = ["bulk", "errors", "events", "queries", "service"]
