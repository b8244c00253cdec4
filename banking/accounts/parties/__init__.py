"""Whom the bank knows: one customer record per person or organisation."""
