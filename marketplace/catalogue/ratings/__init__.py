"""How many stars goods and shops have: counted as reviews come, change and go."""
