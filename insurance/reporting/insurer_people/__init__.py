"""The people of insurers: who was invited, who may look at which insurer, and until when."""

__all__ = ["errors", "queries", "service"]
