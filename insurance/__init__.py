"""Cargo and parcel cover: tariff, quotes, policies and claims of an insurer with its own books."""
