"""Borders: what customs charge, and what they are told."""
