"""The online bank's pages: overview, movements, top-up, exchange."""

__all__ = ["queries", "signs"]
