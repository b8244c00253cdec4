"""Who wants to hear when sold-out goods are back."""
