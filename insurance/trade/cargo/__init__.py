"""Cover for one shipment of a trader: its price, its policy, and the certificate a bank takes."""

__all__ = ["errors", "events", "life", "queries", "service", "words"]
