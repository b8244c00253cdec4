"""Rating: the published tariff, and what it says of a risk."""
