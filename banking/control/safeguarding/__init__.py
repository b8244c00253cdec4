"""What customers' money must be kept safe, and what is: every day, topped up by two people."""

__all__ = ["errors", "events", "queries", "service"]
