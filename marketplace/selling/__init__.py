"""Selling: what vendors list, and their desk."""
