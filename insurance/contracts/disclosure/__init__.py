"""Product information: what cover pays for and what it does not, on two pages, from its figures."""

__all__ = ["queries", "service"]
