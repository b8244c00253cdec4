"""Offers: what cover of a parcel costs, before anybody chose it."""
