"""Pure rules of carriers: rate cards and days, what they take, parcel numbers, their scans."""
