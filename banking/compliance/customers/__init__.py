"""What a customer sees of limits and of getting known."""
