"""Money: what the insurer and its agent owe each other, in two books."""
