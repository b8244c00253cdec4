"""Core: the ledger, exchange, and the rail to other banks."""
