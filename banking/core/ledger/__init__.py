"""Double entry: accounts, journals, holds."""
