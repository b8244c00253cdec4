"""What shops wrote in one language, said in another by a machine, and never without saying so."""

__all__ = ["errors", "events", "queries", "service"]
