"""Suspicion: what speaks for a second look at a claim, in points that never decide it."""

__all__ = ["queries", "service"]
