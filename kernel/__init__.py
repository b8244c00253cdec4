"""The foundation that bank, cover, search and shop stand on; it knows no word of theirs."""
