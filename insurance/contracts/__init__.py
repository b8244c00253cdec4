"""Contracts: policies from their first minute to their last, and the papers that show them."""
