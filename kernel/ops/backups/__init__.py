"""Copies of a whole installation, taken while it works, and the way back from them."""

__all__ = ["errors"]
