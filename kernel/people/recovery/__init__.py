"""Getting over a lost second factor: announced, delayed, and with less to spend afterwards."""

__all__ = ["errors", "queries", "service"]
