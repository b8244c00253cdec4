"""Cards as a shopper sees them: the price at the door, the days, the way."""
