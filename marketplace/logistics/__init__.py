"""Logistics: what carriers ask, and every parcel on its way."""
