"""Money in by card: top-ups through the card network, credited once whatever the network does."""
