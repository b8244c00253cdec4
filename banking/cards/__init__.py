"""Cards: money that comes by card, goes back to one, or is disputed."""
