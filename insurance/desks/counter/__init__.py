"""The counter: pages of holders, of the public, and of the claims desk."""

__all__ = ["claim_pages", "claim_words", "policy_pages", "queries"]
