"""Claims: opened by what the carrier reports, decided with reasons, paid into the wallet once."""

__all__ = ["errors", "events", "loss_notices", "queries", "service"]
