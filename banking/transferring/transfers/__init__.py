"""Money from a wallet to another wallet or bank: drafted, checked, approved, sent, settled."""

__all__ = ["errors", "events", "queries", "service"]
