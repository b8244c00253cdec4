"""Closing one wallet or all of them: what stands in the way, the yes, and what stays after."""

__all__ = ["errors", "events", "queries", "service"]
