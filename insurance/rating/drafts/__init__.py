"""Tariffs that are being written: drafts, what they would change, and their dated publication."""

__all__ = ["errors", "queries", "rules", "service"]
