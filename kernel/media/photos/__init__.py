"""Photographs that people send: checked by content, cleaned, kept for whom they concern."""
