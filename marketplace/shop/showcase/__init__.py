"""One product in full, for its page: every form, every offer, every step of its price."""
