"""Claims: opened by what the carrier reports, decided with reasons, paid into the wallet once."""
