"""How many stars goods and shops have: counted as reviews come, change and go."""

__all__ = ["events", "queries", "service"]
