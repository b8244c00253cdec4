"""Losses: claims of what happened on the way, and what comes to light after they were paid."""
