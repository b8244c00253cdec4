"""Compliance: who customers are, who decided so, and who looked at their papers."""
