"""What happened to the safety of a person's account: a log that only grows, told by mail."""

__all__ = ["events", "queries", "service"]
