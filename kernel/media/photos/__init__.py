"""Photographs that people send: checked by content, cleaned, kept for whom they concern."""

__all__ = ["darkroom", "errors", "forms", "queries", "rules", "service"]
