"""A vendor's statement: what was sold, kept, given back and paid out, and that it adds up."""

__all__ = ["errors", "queries"]
