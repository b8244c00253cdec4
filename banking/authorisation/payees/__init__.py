"""Whom a wallet can pay: by handle or account, the name checked, and saved for the next time."""
