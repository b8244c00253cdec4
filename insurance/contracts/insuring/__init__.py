"""Cover bought in the bank: money, policy and both books in one transaction."""

__all__ = ["errors", "queries", "service"]
