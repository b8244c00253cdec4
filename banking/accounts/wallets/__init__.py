"""Money of a person or an organisation, one wallet per currency."""
