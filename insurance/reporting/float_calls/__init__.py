"""Letters that ask insurers for claims money, kept as they were sent, with their answer."""

__all__ = ["errors", "queries", "service"]
