"""People, the companies they work for, and their sessions."""

__all__ = ["cli", "errors", "events", "forms", "permissions", "queries", "safety_log", "service"]
