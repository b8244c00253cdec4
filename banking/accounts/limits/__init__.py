"""How much a wallet may hold, and how much may leave it in a day, a month, to one payee."""

__all__ = ["errors", "queries", "service"]
