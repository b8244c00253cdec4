"""What the insurer is told: bordereaux by month, derived from journals, and closed."""
