"""Strong customer authentication of single acts: asked, given by the customer, used once."""

__all__ = ["errors", "queries", "service"]
