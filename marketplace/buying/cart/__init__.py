"""What a visitor wants to buy: lines of any number of vendors, with or without an account."""

__all__ = ["errors", "queries", "service"]
