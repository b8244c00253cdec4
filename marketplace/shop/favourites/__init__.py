"""What somebody would like to have: named lists, filled by the heart beside goods."""

__all__ = ["errors", "letters", "queries", "service"]
