"""The office that decides on claims: when it works and what its officers may approve."""
