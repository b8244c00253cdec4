"""Who sells which variant at what price; prices keep their history."""

__all__ = ["bulk", "errors", "events", "service"]
