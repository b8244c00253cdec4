"""After the sale: orders on their way, withdrawals and goods that come back."""
