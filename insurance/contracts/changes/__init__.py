"""Changes of a policy: priced, shown, and done exactly as shown, one for each revision."""

__all__ = ["errors", "events", "queries", "service"]
