"""Keys by which programs act for a person: shown once, kept as digests, taken back at any time."""

__all__ = ["errors", "queries", "service"]
