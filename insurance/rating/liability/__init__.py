"""Who bears what on the way: what a seller and a carrier owe anyway, and what a level adds."""

__all__ = ["queries"]
