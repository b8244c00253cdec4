"""Money of a person or an organisation, one wallet per currency."""

__all__ = ["errors", "events", "queries", "service", "under_way"]
