"""What carriers owe for a loss: told in time, claimed, answered, booked."""

__all__ = ["errors", "queries", "service"]
