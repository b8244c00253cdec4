"""Totals at doors, prepared: what borders add to every card's goods, for every country."""
