"""Where buyers want their goods sent."""

__all__ = ["errors", "forms", "queries", "service"]
