"""Money from a wallet to another wallet or bank: drafted, checked, approved, sent, settled."""
