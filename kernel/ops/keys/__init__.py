"""The installation's secret keys: several at once, so that one can follow on another."""

__all__ = ["errors", "queries", "service"]
