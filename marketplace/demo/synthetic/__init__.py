"""Catalogues of any size that nobody wrote, for measuring."""

__all__ = ["scale"]
