"""Desks: pages where holders, the public and officers see cover, and what they send."""
