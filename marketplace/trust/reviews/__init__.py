"""Reviews by those who bought and got the goods, the seller's answers, and reports about them."""

__all__ = ["errors", "events", "queries", "service"]
