"""Drawn pictures of goods that have none: parametric, deterministic, never mistaken for a photo."""

__all__ = ["errors", "queries"]
