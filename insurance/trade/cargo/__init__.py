"""Cover for one shipment of a trader: its price, its policy, and the certificate a bank takes."""

__all__ = [
    "declared",
    "errors",
    "events",
    "life",
    "lists",
    "papers",
    "pricing",
    "queries",
    "rules",
    "service",
    "words",
]
