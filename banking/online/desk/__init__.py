"""The online bank's pages: overview, movements, top-up, exchange."""
