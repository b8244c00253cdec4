"""Figures that stand in the database, read now and then for whoever watches the house."""

__all__ = ["gathering"]
