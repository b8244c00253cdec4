"""What a customer locks and unlocks: wallets that refuse, payees that are trusted."""

__all__ = ["errors", "queries", "service"]
