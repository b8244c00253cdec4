"""Money that comes for a wallet after its owner closed it: it waits, and leaves by the rail."""

__all__ = ["errors", "events", "queries", "service"]
