"""Whom a wallet can pay: by handle or IBAN, with the name checked, and saved for the next time."""
