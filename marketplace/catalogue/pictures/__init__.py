"""Pictures as files: checked by content, re-encoded in sizes, without what cameras write inside."""

__all__ = ["bulk", "errors", "events", "gallery", "queries", "service"]
