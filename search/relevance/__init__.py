"""From what a shopper typed to a ranked page."""
