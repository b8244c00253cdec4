"""Three books compared every day: our ledger, the card network's account, the bank's statement."""

__all__ = ["errors", "events", "queries", "service"]
