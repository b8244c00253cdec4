"""Two sets of books: the platform's as agent, and the insurer's own."""

__all__ = ["carriers", "deposits", "errors", "periods", "queries", "returned", "service"]
