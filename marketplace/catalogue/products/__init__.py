"""What is sold: categories, products, their texts, variants and pictures."""

__all__ = ["drafts", "errors", "events", "queries", "revisions", "service", "variants"]
