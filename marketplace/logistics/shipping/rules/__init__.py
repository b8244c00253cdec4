"""Pure shipping rules: rate cards and days, parcel numbers, the order of tracking events."""
