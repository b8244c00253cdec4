"""Open covers and cargo as JSON for programs of traders, by the commands of the pages."""

__all__ = ["service"]
