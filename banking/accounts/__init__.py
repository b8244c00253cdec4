"""Accounts: customers, what they may hold and move, and their wallets."""
