"""Authorisation: strong authentication, whom one pays, freezing, and money for closed wallets."""
