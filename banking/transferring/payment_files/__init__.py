"""Payment files: pain.001 in, checked line by line, and pain.002 out."""

__all__ = ["errors", "queries", "service"]
