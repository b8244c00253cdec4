"""The bank: ledger, wallets, escrow, exchange, cards; it knows no word of shop or cover."""
