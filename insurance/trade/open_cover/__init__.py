"""Open cover: a year of shipments under signed terms, each insured in the second it is declared."""

__all__ = [
    "by_program",
    "errors",
    "events",
    "lists",
    "months",
    "ordered",
    "overview",
    "queries",
    "rules",
    "running",
    "service",
    "sold",
    "told",
    "words",
]
