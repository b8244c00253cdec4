"""What was bought: one order group for the buyer, one vendor order per vendor, and their clocks."""

__all__ = ["errors", "events", "queries", "service"]
