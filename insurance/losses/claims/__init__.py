"""Claims: opened by what the carrier reports, decided with reasons, paid into the wallet once."""

__all__ = [
    "asking",
    "authority",
    "clocks",
    "deciding",
    "errors",
    "events",
    "holding",
    "loss_notices",
    "missing",
    "noticed",
    "offsets",
    "opening",
    "paying",
    "queries",
    "silence",
    "waiting",
]
