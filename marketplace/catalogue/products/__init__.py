"""What is sold: categories, products, their texts, variants and pictures."""

__all__ = ["bulk", "drafts", "errors", "events", "queries", "revisions", "service", "variants"]
