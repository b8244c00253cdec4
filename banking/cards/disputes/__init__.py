"""Card payments that a cardholder disputes: what their bank takes, and what comes back."""
