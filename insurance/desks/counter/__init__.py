"""The counter: pages of holders, of the public, and of the claims desk."""

__all__ = ["policy_pages", "queries"]
