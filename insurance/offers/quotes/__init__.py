"""Quotes for parcels: one stored price for every page until it is bound or has run out."""

__all__ = [
    "changed",
    "errors",
    "insurers",
    "lifting",
    "queries",
    "rules",
    "service",
    "taxed",
]
